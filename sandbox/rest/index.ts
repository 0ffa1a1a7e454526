import type { Router } from './router.ts';
import { createRouter } from './router.ts';
import { appRoutes } from './routes/apps.ts';
import { checkRoutes } from './routes/checks.ts';
import { commentRoutes } from './routes/comments.ts';
import { commitRoutes } from './routes/commits.ts';
import { contentRoutes } from './routes/contents.ts';
import { gitDataRoutes } from './routes/gitdata.ts';
import { hookRoutes } from './routes/hooks.ts';
import { issueRoutes } from './routes/issues.ts';
import { labelRoutes } from './routes/labels.ts';
import { miscRoutes } from './routes/misc.ts';
import { peopleRoutes } from './routes/people.ts';
import { projectRoutes } from './routes/projects.ts';
import { pullRoutes } from './routes/pulls.ts';
import { repoRoutes } from './routes/repos.ts';
import { reviewRoutes } from './routes/reviews.ts';
import { searchRoutes } from './routes/search.ts';

/** Every route of the REST API. Tables with fixed parts in their paths stand before those that take any. */
export function createRestRouter(): Router {
  return createRouter(
    miscRoutes,
    commentRoutes,
    labelRoutes,
    issueRoutes,
    reviewRoutes,
    pullRoutes,
    checkRoutes,
    gitDataRoutes,
    searchRoutes,
    projectRoutes,
    commitRoutes,
    contentRoutes,
    appRoutes,
    hookRoutes,
    peopleRoutes,
    repoRoutes,
  );
}
