import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ProwJob } from '../../../jobs/api/prowjob.ts';
import type { LogSource } from '../source.ts';

const PAGE = 200;

/**
 * Deck's list of jobs for programs: `{"items": [ProwJob…]}`, newest first, without hidden ones. `omit` leaves fields out, `org`, `repo` and `owner` (a pull
 * request's author) choose, `var=NAME` makes it a script that sets NAME. Written page by page: 20,000 jobs are never in memory at once.
 * Prow: handleProwJobs in cmd/deck/main.go.
 */
export async function sendProwJobs(
  response: ServerResponse,
  source: LogSource,
  query: URLSearchParams,
  headers: Record<string, string>,
): Promise<void> {
  const name = query.get('var');
  // Anything else would be a script of whoever made the link.
  if (name !== null && !/^[A-Za-z_$][\w$]*$/.test(name)) {
    response.writeHead(400, { ...headers, 'content-type': 'text/plain; charset=utf-8' }).end('var is no name\n');
    return;
  }
  const type = name ? 'text/javascript' : 'application/json';
  response.writeHead(200, { ...headers, 'content-type': `${type}; charset=utf-8` });
  const [before, after] = name ? [`var ${name} = `, ';'] : ['', ''];
  const text = async function* () {
    yield `${before}{"items":[`;
    let comma = '';
    for await (const job of chosen(source, query)) {
      yield comma + JSON.stringify(job);
      comma = ',';
    }
    yield `]}${after}`;
  };
  // Whoever leaves in the middle has heard enough.
  await pipeline(Readable.from(text()), response).catch((error: unknown) => {
    if (!response.destroyed) throw error;
  });
}

async function* chosen(source: LogSource, query: URLSearchParams): AsyncGenerator<ProwJob> {
  const omit = new Set((query.get('omit') ?? '').split(','));
  let after: string | undefined;
  do {
    const { jobs, next } = await source.list({ limit: PAGE, ...(after && { after }) });
    for (const job of jobs) if (!job.spec.hidden && isWanted(job, query)) yield without(job, omit);
    after = next;
  } while (after !== undefined);
}

function isWanted({ spec: { refs, extra_refs = [] } }: ProwJob, query: URLSearchParams): boolean {
  const of = refs ? [refs] : extra_refs;
  const isOf = (key: 'org' | 'repo') => !query.get(key) || of.some((each) => each[key] === query.get(key));
  const owner = query.get('owner');
  return isOf('org') && isOf('repo') && (!owner || (refs?.pulls ?? []).some(({ author }) => author === owner));
}

function without({ metadata, spec, ...job }: ProwJob, omit: ReadonlySet<string>): ProwJob {
  const { labels, annotations, ...meta } = metadata;
  const { decoration_config, pod_spec, ...rest } = spec;
  return {
    ...job,
    metadata: {
      ...meta,
      ...(labels && !omit.has('labels') && { labels }),
      ...(annotations && !omit.has('annotations') && { annotations }),
    },
    spec: {
      ...rest,
      ...(decoration_config && !omit.has('decoration_config') && { decoration_config }),
      ...(pod_spec && !omit.has('pod_spec') && { pod_spec }),
    },
  };
}
