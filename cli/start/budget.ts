import type { GitHub } from '../../core/github/github.ts';
import type { Route } from '../../core/hook/router.ts';

/** GET /budget: what is left of GitHub's budget, who spends it, and until when it lasts, for `cutwater budget` and for people's own tools. */
export function budgetRoutes(github: Pick<GitHub, 'budget'>): Route[] {
  return [
    {
      method: 'GET',
      path: '/budget',
      handle(_request, response) {
        response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
        response.end(JSON.stringify(github.budget()));
      },
    },
  ];
}
