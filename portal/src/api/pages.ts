// Lists come in pages, each with the place where the next one begins.

interface Page {
  next: string | null;
}

/** Pages a file may have: 100 rows each, so 200,000 rows. */
const PAGES_MAX = 2_000;

/** Options of an infinite query over a list. */
export const paged = {
  initialPageParam: null as string | null,
  getNextPageParam: (page: Page) => page.next,
};

/** Every page of a list, one after the other. */
export async function* everyPage<T extends Page>(read: (cursor: string | undefined) => Promise<T>): AsyncGenerator<T> {
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const found = await read(cursor);
    yield found;
    if (found.next === null) return;
    cursor = found.next;
  }
}
