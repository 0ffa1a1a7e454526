import type { ProwJobFilter, ProwJobPage, ProwJobStore } from '../api/store.ts';

/** Small, so that what a page leaves behind dies young: with pages of 500, a look at 20,000 jobs left a process of 580 MB, and with these one of 260 MB. */
const PAGE = 100;

/** All jobs that match, newest first, page by page. */
export async function* pagesOf(store: Pick<ProwJobStore, 'list'>, filter?: ProwJobFilter): AsyncGenerator<ProwJobPage> {
  let after: string | undefined;
  do {
    const page = await store.list(filter, { limit: PAGE, ...(after !== undefined && { after }) });
    yield page;
    after = page.next;
  } while (after !== undefined);
}
