import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Route } from '../../core/hook/router.ts';
import { answer } from '../../core/hook/server.ts';

/** Pages stand behind every address that nothing else answers. */
export function pageRoutes(page: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>): Route[] {
  return [
    {
      prefix: '/',
      async handle(request, response) {
        if (!(await page(request, response))) answer(response, 404, '404 page not found');
      },
    },
  ];
}
