import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newReading } from '../../core/config/decode.ts';
import { ConfigError } from '../../core/config/errors.ts';
import { parseYaml } from '../../core/config/yaml.ts';
import { CutwaterError } from '../../core/errors.ts';
import { boolFlag, describeFlags, parseFlags, stringFlag } from '../../core/flags.ts';
import { CREATED_BY_PROW } from '../../jobs/api/labels.ts';
import type { ProwJob } from '../../jobs/api/prowjob.ts';
import { snowflakes } from '../../jobs/buildid/snowflake.ts';
import { jobTypes } from '../../jobs/config/job-types.ts';
import type { Pod } from '../../jobs/pods/backend.ts';
import { podOf } from '../../jobs/spec/pod.ts';
import { Asker } from './ask.ts';
import { write } from './output.ts';
import { toYaml } from './yaml-output.ts';

const FLAGS = {
  'prow-job': stringFlag('ProwJob to decorate, - for stdin.', 'FILE'),
  'build-id': stringFlag("Build ID for the job run or 'snowflake' to generate one.", 'ID'),
  local: boolFlag(
    'pod utilities copy results to a folder of the node instead of uploading them: no credentials needed',
  ),
  'out-dir': stringFlag('that folder; a temporary one unless given. Only with --local', 'DIR'),
};

/** `cutwater mkpod`: the pod that runs a ProwJob, as YAML (Prow: cmd/mkpod). */
export async function run(argv: string[]): Promise<number> {
  if (argv.includes('--help')) {
    await write(`usage: cutwater mkpod --prow-job=FILE [FLAGS]\n\n${describeFlags(FLAGS)}\n`);
    return 0;
  }
  const { values } = parseFlags(FLAGS, argv);
  const { 'prow-job': file, 'build-id': wanted, local, 'out-dir': outDir } = values;
  if (!file) throw new CutwaterError('usage', '--prow-job is needed');
  if (outDir !== undefined && !local) throw new CutwaterError('usage', '--out-dir may only be specified with --local');
  const read = readProwJob(file);
  const buildId = wanted?.toLowerCase() === 'snowflake' ? snowflakes()() : (wanted ?? read.status.build_id ?? '');
  if (!buildId) process.stderr.write('no build id in the ProwJob or in --build-id: storage paths will be poor\n');
  const job = { ...read, status: { ...read.status, build_id: buildId } };
  const pod = local ? await localPod(job, outputFolder(job, outDir)) : podOf(job);
  await write(`${toYaml(printable(pod))}\n`);
  return 0;
}

function readProwJob(file: string): ProwJob {
  const raw = parseYaml(readFileSync(file === '-' ? 0 : file, 'utf8'), file);
  const reading = newReading();
  const job = jobTypes.decoder('ProwJob')(raw, reading) as ProwJob | undefined;
  if (reading.problems.length > 0) throw new ConfigError(reading.problems.map((problem) => ({ file, ...problem })));
  if (!job) throw new CutwaterError('config', `${file}: no ProwJob in it`);
  return job;
}

function outputFolder({ spec, status }: ProwJob, outDir: string | undefined): string {
  const buildId = status.build_id ?? '';
  if (outDir) return path.posix.join(outDir, buildId);
  return mkdtempSync(path.join(tmpdir(), `prowjob-out-${spec.job?.replaceAll('/', '_')}-${buildId}`));
}

/** Volumes that this machine may not have can be replaced by its folders, or by empty ones. */
async function localPod(job: ProwJob, outputDir: string): Promise<Pod> {
  const pod = podOf(job, outputDir);
  const foreign = (pod.spec.volumes ?? []).filter((volume) => !volume.hostPath && !volume.emptyDir);
  if (foreign.length === 0) return pod;
  const asker = new Asker();
  process.stderr.write(
    "For each of the following volumes specify one of:\n - 'empty' to use an emptyDir;\n - a path on the host to use hostPath;\n - '' (nothing) to use the existing volume source and assume it is available in the cluster\n",
  );
  const replaced = new Map<string, object>();
  for (const { name } of foreign) {
    const choice = await asker.ask(`Volume "${name}": `);
    if (['empty', 'emptydir'].includes(choice.toLowerCase())) replaced.set(name, { name, emptyDir: {} });
    else if (choice) replaced.set(name, { name, hostPath: { path: choice } });
  }
  asker.close();
  const volumes = (pod.spec.volumes ?? []).map((volume) => ({
    ...(replaced.get(volume.name) ?? volume),
    name: volume.name,
  }));
  return { ...pod, spec: { ...pod.spec, volumes } };
}

/** Without the label by which sinker would take the pod for one whose ProwJob is gone. */
function printable({ metadata, spec, ...pod }: Pod): object {
  const { [CREATED_BY_PROW]: _, ...labels } = metadata.labels ?? {};
  return { ...pod, metadata: { ...metadata, labels }, spec: jobTypes.encode('PodSpec', spec), status: {} };
}
