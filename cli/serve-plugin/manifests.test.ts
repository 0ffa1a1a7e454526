import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { parseFlags } from '../../core/flags.ts';
import { serviceFlags } from './flags.ts';
import { servableOf } from './load.ts';

const folder = new URL('../../deploy/overlays/external-plugins/', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8');
const { resources } = parse(read('kustomization.yaml')) as { resources: string[] };

interface Mount {
  name: string;
  mountPath: string;
}

test('the plugins of ours that Prow runs outside are there', () => {
  expect(resources).toEqual(['cherrypicker.yaml', 'needs-rebase.yaml', 'refresh.yaml']);
});

test.each(resources)('%s starts a plugin with flags that it has, behind a Service of its name', async (file) => {
  const [set, service] = parseAllDocuments(read(file)).map((document) => document.toJS());
  const { containers, volumes } = set.spec.template.spec;
  const [{ args, ports, volumeMounts }] = containers;
  const [command, name, ...flags] = args;
  expect([command, `${name}.yaml`, set.metadata.name, service.metadata.name]).toEqual([
    'serve-plugin',
    file,
    name,
    name,
  ]);

  const plugin = await servableOf(name);
  const { values, rest } = parseFlags({ ...serviceFlags, ...plugin.flags }, flags);
  expect(rest).toEqual([]);
  const listens = [values.port, values['metrics-port'], values['health-port']];
  expect(listens).toEqual(ports.map(({ containerPort }: { containerPort: number }) => containerPort));

  const kept = [...volumes, ...set.spec.volumeClaimTemplates.map(({ metadata }: { metadata: Mount }) => metadata)];
  const mounted = volumeMounts.map((mount: Mount) => mount.name);
  expect(mounted.toSorted()).toEqual(kept.map((volume: Mount) => volume.name).toSorted());
  for (const flag of [
    'config-path',
    'plugin-config',
    'hmac-secret-file',
    'github-app-private-key-path',
    'data-dir',
  ] as const)
    expect(
      volumeMounts.some(({ mountPath }: Mount) => values[flag]?.startsWith(mountPath)),
      flag,
    ).toBe(true);
  expect(service.spec.selector).toEqual(set.spec.template.metadata.labels);
});
