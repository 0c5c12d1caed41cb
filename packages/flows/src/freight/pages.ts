import { setImmediate as letOthersGo } from 'node:timers/promises';

/** Pages of keyed records, one after the other, each read for itself. Between them whatever else waits in the process has its turn: who reads many holds nobody up. */
export async function* everyPage<Item extends { readonly key: string }>(
  read: (after: string | undefined, limit: number) => Promise<readonly Item[]>,
): AsyncGenerator<readonly Item[]> {
  for (let after: string | undefined; ;) {
    const page = await read(after, perPage);
    if (page.length > 0) yield page;
    after = page.at(-1)?.key;
    await letOthersGo();
    if (page.length < perPage) return;
  }
}

const perPage = 500;
