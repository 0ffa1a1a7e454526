// One load in a process of its own: `node config-runner.ts CONFIG JOBS CACHE [CHANGED_FILE]`. Prints one line of JSON: milliseconds and MB.
import { appendFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';

enableCompileCache();
const [configPath = '', jobConfigPath = '', cacheFile = '', changed] = process.argv.slice(2);
const { Loader } = await import('../core/config/load.ts');
const { configSections } = await import('./config-sections.ts');
const loader = new Loader({ sections: configSections, configPath, jobConfigPath, cacheFile: cacheFile || undefined });

/** Wall and CPU milliseconds; the latter is what other processes on the machine leave alone. */
function timed(work: () => unknown): { wall: number; cpu: number } {
  const began = performance.now();
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return { wall: performance.now() - began, cpu: (user + system) / 1000 };
}

const load = timed(() => loader.load());
const sinceStart = performance.now();
loader.keep();
if (changed) appendFileSync(changed, '# changed\n');
const reload = timed(() => loader.load());
process.stdout.write(`${JSON.stringify({ load, sinceStart, reload, rss: process.resourceUsage().maxRSS / 1024 })}\n`);
