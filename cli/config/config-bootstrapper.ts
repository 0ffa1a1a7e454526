import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CutwaterError, messageOf } from '../../core/errors.ts';
import { boolFlag, describeFlags, listFlag, parseFlags } from '../../core/flags.ts';
import { KubeClusters } from '../../core/kube/clusters.ts';
import { createLogger } from '../../core/log.ts';
import type { ConfigMapAccess } from '../../core/ports/config-maps.ts';
import { updateConfigMap, VERSION } from '../../core/ports/config-maps.ts';
import { type MapUpdate, updatesForAll } from '../../plugins/config-updater/changes.ts';
import { configUpdaterSettings } from '../../plugins/config-updater/config.ts';
import { configMapAccess } from '../components/config-maps.ts';
import { kubeFlags } from '../components/flags.ts';
import { configFlags } from '../start/flags.ts';
import { loadFromFlags } from './load.ts';
import { write } from './output.ts';

const FLAGS = {
  ...configFlags,
  ...kubeFlags,
  'source-path': listFlag('a folder laid out as the repository is; may be given several times', 'FOLDER'),
  'dry-run': boolFlag('says what would be written, and writes nothing'),
};

/** `cutwater config-bootstrapper`: fills the ConfigMaps of config-updater from folders, as if all in them had just been merged (Prow: cmd/config-bootstrapper). */
export async function run(argv: string[]): Promise<number> {
  if (argv.includes('--help')) {
    const usage = 'cutwater config-bootstrapper --source-path=FOLDER --config-path=FILE --plugin-config=FILE [FLAGS]';
    await write(`usage: ${usage}\n\n${describeFlags(FLAGS)}\n`);
    return 0;
  }
  const { values, rest } = parseFlags(FLAGS, argv);
  if (rest.length > 0) throw new CutwaterError('usage', `config-bootstrapper takes flags alone, not ${rest[0]}`);
  const folders = values['source-path'];
  if (folders.length === 0) throw new CutwaterError('usage', '--source-path must be provided at least once');
  const config = loadFromFlags(values);
  const clusters = await KubeClusters.open({
    kubeconfig: values.kubeconfig,
    kubeconfigDir: values['kubeconfig-dir'],
    kubeconfigSuffix: values['kubeconfig-suffix'],
    projectedTokenFile: values['projected-token-file'],
    noInClusterConfig: values['no-in-cluster-config'],
    log: createLogger('config-bootstrapper'),
  });
  try {
    const access = configMapAccess({ config: () => config, clusters, dryRun: values['dry-run'] });
    const updates = updatesForAll(
      configUpdaterSettings.forRepo(config, '', ''),
      folders.flatMap(filesIn),
      access.defaultNamespace(),
    );
    return await bootstrap(access, updates, folders);
  } finally {
    clusters.close();
  }
}

/** One line for each map. 1 where one of them could not be written, after the others. */
async function bootstrap(
  access: ConfigMapAccess,
  updates: readonly MapUpdate[],
  folders: readonly string[],
): Promise<number> {
  const versionFile = folders.map((folder) => path.join(folder, VERSION)).find((file) => existsSync(file));
  const version = versionFile ? (await readFile(versionFile, 'utf8')).trim() : '';
  let failed = false;
  for (const { id, keys } of updates) {
    const name = `configmap ${id.name} in namespace ${id.namespace} at cluster ${id.cluster}`;
    try {
      await updateConfigMap(access, id, keys, (file) => readFile(placeOf(file, folders)), { version, only: true });
      await write(`${name}: ${keys.length} keys\n`);
    } catch (error) {
      failed = true;
      process.stderr.write(`${name}: ${messageOf(error)}\n`);
    }
  }
  return failed ? 1 : 0;
}

function placeOf(file: string, folders: readonly string[]): string {
  const found = folders.map((folder) => path.join(folder, file)).find((candidate) => existsSync(candidate));
  if (!found) throw new CutwaterError('not-found', `${file} is in none of the folders any more`);
  return found;
}

/** Paths of the files below a folder, as they stand in the repository. */
function filesIn(folder: string): string[] {
  if (!existsSync(folder)) throw new CutwaterError('usage', `--source-path: there is no folder ${folder}`);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => !file.split(path.sep).includes('.git') && statSync(path.join(folder, file)).isFile())
    .map((file) => file.split(path.sep).join('/'));
}
