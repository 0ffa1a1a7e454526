import { formatResponseTo, plugin } from '../../core/plugin/index.ts';
import { type MapUpdate, updatesFor } from './changes.ts';
import { configUpdaterSettings } from './config.ts';

const p = plugin({
  name: 'config-updater',
  summary: 'Puts files of merged pull requests into ConfigMaps.',
  needs: ['comments', 'pull', 'configMaps'],
  config: configUpdaterSettings,
  snippet:
    'config_updater:\n  gzip: false\n  maps:\n    some/path/to/config.yaml:\n      name: config\n      key: config.yaml\n      clusters:\n        default:\n        - namespace\n    other/path/**/*.yaml:\n      name: other-config\n',
});

/** Prow: pkg/plugins/updateconfig/updateconfig.go. What could be updated is told, though another map could not be. */
const onPull = p.on('pull_request', ['closed'], async ({ event, ports, config, log }) => {
  const { pull } = event;
  const commit = pull?.mergeCommitSha;
  if (!pull?.merged || commit === undefined) return;
  if (event.payload.repository.default_branch !== pull.base.ref) return;
  const updates = updatesFor(config, await ports.pull.files(), `${event.org}/${event.repo}`);
  const told: string[] = [];
  const failures: unknown[] = [];
  for (const { id, keys } of updates) {
    try {
      const namespace = await ports.configMaps.update(id, keys, commit);
      told.push(describe({ id: { ...id, namespace }, keys }, updates.length > 1 ? '   ' : ' '));
    } catch (err) {
      log.error({ err, configMap: id }, 'a ConfigMap cannot be updated');
      failures.push(err);
    }
  }
  if (told.length > 0) {
    const [only] = told;
    const message =
      told.length === 1
        ? `Updated the ${only}`
        : `Updated the following ${told.length} configmaps:\n${told.map((text) => ` * ${text}\n`).join('')}`;
    await ports.comments.create(formatResponseTo(pull.body, pull.url, pull.author, message));
  }
  if (failures.length > 0) throw failures[0];
});

function describe({ id: { name, namespace, cluster }, keys }: MapUpdate, indent: string): string {
  const files = keys.map(({ key, path = '' }) => `\n${indent}- key \`${key}\` using file \`${path}\``).join('');
  return `\`${name}\` configmap in namespace \`${namespace}\` at cluster \`${cluster}\` using the following files:${files}`;
}

export const configUpdater = p.define({ handlers: [onPull] });
