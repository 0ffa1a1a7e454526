import type { Metrics } from '../metrics.ts';
import type { Route } from './router.ts';
import { answer } from './server.ts';

/** `/healthz` while the process lives, with the `problem` where there is one; `/healthz/ready` while every check holds (Prow: pkg/pjutil/health.go). */
export function healthRoutes(ready: () => boolean, problem: () => string | undefined = () => undefined): Route[] {
  return [
    { method: 'GET', path: '/healthz', handle: (_request, response) => answer(response, 200, healthText(problem())) },
    {
      method: 'GET',
      path: '/healthz/ready',
      handle: (_request, response) =>
        ready() ? answer(response, 200, 'OK') : answer(response, 503, 'ReadinessCheck failed'),
    },
  ];
}

/** What is wrong but does not end the work stands below Prow's word. */
function healthText(problem: string | undefined): string {
  return problem === undefined ? 'OK' : `OK\n${problem}\n`;
}

/** Prometheus' view of the process. */
export function metricsRoutes(registry: Metrics): Route[] {
  return [
    {
      method: 'GET',
      path: '/metrics',
      async handle(_request, response) {
        const text = await registry.metrics();
        response.writeHead(200, { 'Content-Type': registry.contentType });
        response.end(text);
      },
    },
  ];
}

/** Prow's hook answers its root with an empty 200, which old load balancers look at. Mount it only where no page stands there. */
export function rootRoutes(): Route[] {
  return [{ method: 'GET', path: '/', handle: (_request, response) => answer(response, 200, '') }];
}
