import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CutwaterError, messageOf } from '../../core/errors.ts';
import { describeFlags, parseFlags, stringFlag } from '../../core/flags.ts';
import { write } from '../config/output.ts';

const TEMPLATE = fileURLToPath(new URL('../../external-plugins/template', import.meta.url));
const FLAGS = {
  cutwater: stringFlag('where npm gets Cutwater from: the file that "npm pack" made of it, or a version', 'SPEC'),
};

const USAGE = `usage: cutwater create-plugin FOLDER [FLAGS]

Makes a new folder with a plugin in TypeScript that is served over HTTP: it starts, and its tests pass. The plugin is called as the folder.
`;

/** `cutwater create-plugin`, and what `create-cutwater-plugin` runs. */
export async function run(argv: string[]): Promise<number> {
  const [folder = '', ...others] = argv;
  if (folder === '--help' || folder === '') {
    await write(`${USAGE}\n${describeFlags(FLAGS)}\n`);
    return folder === '' ? 2 : 0;
  }
  const { values, rest } = parseFlags(FLAGS, others);
  if (rest.length > 0) throw new CutwaterError('usage', `create-plugin takes one folder: ${rest[0]}`);
  const target = path.resolve(folder);
  const name = nameOf(target);
  const spec = specOf(values.cutwater);
  refuseFull(target);
  try {
    create(target, name, spec);
  } catch (error) {
    throw new CutwaterError('config', `${target}: ${messageOf(error)}`, { cause: error });
  }
  await write(
    `${target} holds the plugin ${name}\n\n  cd ${folder}\n  npm install\n  npm test\n  npm start -- --help\n`,
  );
  return 0;
}

/** It becomes a name in plugins.yaml, in URLs and in code. */
function nameOf(target: string): string {
  const name = path.basename(target);
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) return name;
  throw new CutwaterError(
    'usage',
    `${JSON.stringify(name)} is no name of a plugin: small letters, digits and single dashes`,
  );
}

/** Nothing that is there is written over. */
function refuseFull(target: string): void {
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new CutwaterError('usage', `${target} is there already, and not empty`);
}

/** npm reads a path from the folder of its package.json, which is the new one. No default: whoever takes the name on the registry would be installed. */
function specOf(given: string | undefined): string {
  if (given === undefined) throw new CutwaterError('usage', '--cutwater is needed: the file that "npm pack" made');
  return existsSync(given) ? `file:${path.resolve(given)}` : given;
}

function create(target: string, name: string, spec: string): void {
  mkdirSync(target, { recursive: true });
  cpSync(TEMPLATE, target, { recursive: true });
  // npm leaves files of that name out of packages.
  renameSync(path.join(target, 'gitignore'), path.join(target, '.gitignore'));
  for (const file of ['package.json', 'plugin.ts', 'plugin.test.ts', 'README.md']) {
    const whole = path.join(target, file);
    const text = readFileSync(whole, 'utf8').replaceAll('my-plugin', name).replaceAll('myPlugin', variableOf(name));
    writeFileSync(
      whole,
      file === 'package.json' ? text.replace('"cutwater": "*"', `"cutwater": ${JSON.stringify(spec)}`) : text,
    );
  }
}

/** `say-hello` is `sayHello`; behind it stands a word that no name of JavaScript's own ends with. */
function variableOf(name: string): string {
  return `${name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())}Plugin`;
}
