import { Session } from 'node:inspector/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { getHeapSnapshot } from 'node:v8';
import type { Route } from './router.ts';
import { answer } from './server.ts';

const LONGEST_SECONDS = 300;

/**
 * What Go's /debug/pprof is for, in the formats of this runtime: `profile?seconds=30` is a .cpuprofile and `heap` a .heapsnapshot, both of which Chromium's
 * developer tools open.
 */
export function pprofRoutes(): Route[] {
  return [
    { method: 'GET', path: '/debug/pprof/', handle: (_request, response) => answer(response, 200, 'profile\nheap\n') },
    {
      method: 'GET',
      path: '/debug/pprof/profile',
      async handle(_request, response, url) {
        const seconds = Number(url.searchParams.get('seconds') ?? 30);
        if (!(seconds > 0 && seconds <= LONGEST_SECONDS)) return answer(response, 400, 'seconds: between 0 and 300');
        const profile = await cpuProfile(seconds);
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify(profile));
      },
    },
    {
      method: 'GET',
      path: '/debug/pprof/heap',
      handle(_request, response) {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        getHeapSnapshot().pipe(response);
      },
    },
  ];
}

async function cpuProfile(seconds: number): Promise<object> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    await sleep(seconds * 1000);
    const { profile } = await session.post('Profiler.stop');
    return profile;
  } finally {
    session.disconnect();
  }
}
