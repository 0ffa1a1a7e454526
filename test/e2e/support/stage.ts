import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Sandbox, startSandbox } from '../../../sandbox/index.ts';
import * as actions from '../../../sandbox/model/actions/index.ts';
import { accountByLogin, issueByNumber, labelsOf, pullByNumber, repoByName } from '../../../sandbox/model/lookup.ts';
import type { Account, PullIssue, Repo } from '../../../sandbox/model/records.ts';
import { loadValidator } from '../../../sandbox/validate.ts';
import { createProduct, type Product } from './product.ts';

const EXAMPLE = fileURLToPath(new URL('../../../config.example.yaml', import.meta.url));
export const WEBHOOK_SECRET = 'the secret of the tests';

/** What people do in the sandbox's repository acme/widgets, and see there. */
export interface People {
  repo: Repo;
  person(login: string): Account;
  pull(number: number): PullIssue;
  comment(login: string, number: number, body: string): void;
  labels(number: number): string[];
  /** What the bot wrote, oldest first. */
  answers(number: number): string[];
  /** The latest state of each context on the pull request's head. */
  statuses(number: number): Record<string, string>;
  /** Every state that a context went through, oldest first. */
  history(number: number, context: string): string[];
  link(number: number, context: string): string;
  /** Resolves when `condition` holds; it is looked at after each change on GitHub. The test's own time limit is the end of patience. */
  until(condition: () => boolean): Promise<void>;
}

/** The sandbox's GitHub in this process, the program in one of its own, and people who do things. */
export interface Stage extends People {
  sandbox: Sandbox;
  product: Product;
  /** By name; see StageOptions. They run from the start. */
  external: Record<string, Product>;
  /** Requests that GitHub's own description does not know. */
  complaints: string[];
  /** The program's --data-dir. */
  dataDir: string;
  /** One more program with the same flags and a data folder of its own, which is not started yet. */
  another(name: string): Promise<Product>;
  close(): Promise<void>;
}

export interface StageOptions {
  /** The configuration file's text; config.example.yaml unless given. */
  config?: string;
  flags?: string[];
  /** The flags that say where jobs run; as plain processes unless given. */
  places?: string[];
  /** Plugins of ours that are served outside for acme/widgets, with their flags. */
  external?: Record<string, string[]>;
  /** Further environment of the program. */
  env?: Record<string, string>;
  runtime?: 'process' | 'podman';
  /** What is on GitHub before the program starts. */
  prepare?(sandbox: Sandbox): Promise<void>;
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cutwater-e2e-'));
  const file = (name: string, text: string) => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const validator = await loadValidator();
  const complaints: string[] = [];
  const sandbox = await startSandbox({
    dataDir: path.join(folder, 'sandbox'),
    port: 0,
    hmacSecret: WEBHOOK_SECRET,
    onRequest: (method, route, query, body) => complaints.push(...validator.check(method, route, query, body)),
  });
  const connection = [
    `--github-endpoint=${sandbox.apiUrl}`,
    `--github-graphql-endpoint=${sandbox.graphqlUrl}`,
    `--github-app-id=${sandbox.tokens.app.id}`,
    `--github-app-private-key-path=${file('app.pem', sandbox.tokens.app.privateKey)}`,
    `--hmac-secret-file=${file('hmac', WEBHOOK_SECRET)}`,
  ];
  const env = {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `url.${sandbox.gitUrl}/.insteadOf`,
    GIT_CONFIG_VALUE_0: 'https://github.com/',
    ...options.env,
  };
  const dataDir = path.join(folder, 'data');
  const configPath = options.config || options.external ? path.join(folder, 'config.yaml') : EXAMPLE;
  const external = await externalProducts(options, folder, [`--config-path=${configPath}`, ...connection], env);
  if (configPath !== EXAMPLE) writeFileSync(configPath, `${options.config ?? ''}\n${externalConfig(external)}`);
  const programIn = (folderOfIts: string): Promise<Product> =>
    createProduct(
      [
        `--config-path=${configPath}`,
        `--data-dir=${folderOfIts}`,
        ...connection,
        ...(options.places ?? ['--pods=local', `--local-runtime=${options.runtime ?? 'process'}`]),
        ...(options.flags ?? []),
      ],
      env,
    );
  const product = await programIn(dataDir);
  await options.prepare?.(sandbox);
  sandbox.sendWebhooksTo(`${product.url}/hook`);
  const products = [product, ...Object.values(external)];
  await Promise.all(products.map((one) => one.start()));
  return {
    ...peopleOf(sandbox),
    sandbox,
    product,
    external,
    complaints,
    dataDir,
    another: (name) => programIn(path.join(folder, name)),
    close: () => closeAll(sandbox, products, folder),
  };
}

async function externalProducts(
  { external = {} }: StageOptions,
  folder: string,
  common: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Record<string, Product>> {
  const made = Object.entries(external).map(async ([name, flags]) => {
    const own = [`--data-dir=${path.join(folder, name)}`, ...common, ...flags];
    return [name, await createProduct(own, env, ['serve-plugin', name])] as const;
  });
  return Object.fromEntries(await Promise.all(made));
}

function externalConfig(external: Readonly<Record<string, Product>>): string {
  const list = Object.entries(external).map(([name, { url }]) => ({ name, endpoint: url }));
  return list.length > 0 ? `external_plugins: ${JSON.stringify({ 'acme/widgets': list })}\n` : '';
}

async function closeAll(sandbox: Sandbox, products: readonly Product[], folder: string): Promise<void> {
  await Promise.all(products.map((product) => product.stop()));
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

export function peopleOf(sandbox: Sandbox): People {
  const { world } = sandbox;
  const found = <T>(value: T | undefined, what: string): T => {
    if (value === undefined) throw new Error(`the sandbox has no ${what}`);
    return value;
  };
  const repo = found(repoByName(world, 'acme', 'widgets'), 'repository acme/widgets');
  const person = (login: string) => found(accountByLogin(world, login), login);
  const pull = (number: number) => found(pullByNumber(world, repo, number), `#${number}`);
  const statusesOn = (number: number) =>
    world.statuses.all().filter(({ repoId, sha }) => repoId === repo.id && sha === pull(number).pull.headSha);
  return {
    repo,
    person,
    pull,
    comment: (login, number, body) =>
      void actions.comment(world, {
        actor: person(login),
        issue: found(issueByNumber(world, repo, number), `#${number}`),
        body,
      }),
    labels: (number) =>
      labelsOf(world, pull(number))
        .map(({ name }) => name)
        .sort(),
    answers: (number) =>
      world.comments
        .all()
        .filter(({ issueId, appId }) => issueId === pull(number).id && appId !== null)
        .map(({ body }) => body),
    statuses: (number) => Object.fromEntries(statusesOn(number).map(({ context, state }) => [context, state])),
    history: (number, context) =>
      statusesOn(number)
        .filter((status) => status.context === context)
        .map(({ state }) => state),
    link: (number, context) => statusesOn(number).findLast((status) => status.context === context)?.targetUrl ?? '',
    until: (condition) =>
      new Promise((resolve) => {
        const look = () => {
          if (!condition()) return;
          end();
          resolve();
        };
        const end = world.feed.subscribe(look);
        look();
      }),
  };
}
