import { isFault } from '@quartermaster/domain';

/** One page of what changed in a window. `nextCursor` is empty on the last one. */
export type WindowPage<Item> = { readonly total: number | null; readonly items: readonly Item[]; readonly nextCursor: string | null };

export type WindowReading<Item> = {
  /** First page of what changed from `begin` until `end`, both whole seconds in milliseconds; until now where `end` is null. */
  first(begin: number, end: number | null): Promise<WindowPage<Item>>;
  next(cursor: string): Promise<WindowPage<Item>>;
  keyOf(item: Item): string;
  perPage: number;
};

const second = 1_000;

/** Windows that one with too many is split into at once. */
const mostPieces = 64;

/** How often a window that has several pages and cannot be split is read again for what slipped past. */
const mostRounds = 4;

/**
 * Reads what changed since an instant, oldest window first. Walmart's cursor counts from the beginning of the result, and what changes meanwhile leaves it, so that those behind move up past
 * whoever reads page after page. So a window that has more than one page is not paged but split, down to a second; only within one second the cursor is followed, and again until as many
 * were seen as there are.
 */
export async function* readWindows<Item>(reading: WindowReading<Item>, from: number, now: number): AsyncGenerator<readonly Item[]> {
  type Window = { readonly begin: number; readonly end: number | null };
  const waiting: Window[] = [{ begin: Math.floor(from / second) * second, end: null }];
  for (let window = waiting.shift(); window !== undefined; window = waiting.shift()) {
    const { begin, end } = window;
    const until = end ?? Math.max(Math.ceil(now / second) * second, begin + second);
    const pieces = Math.floor((until - begin) / second);
    const page = await firstOrTooMany(reading, begin, end);
    if (page !== null && isWhole(page)) yield page.items;
    else if (pieces > 1) {
      const total = page?.total ?? reading.perPage * mostPieces;
      const wanted = Math.min(pieces, mostPieces, Math.max(2, Math.ceil((total / reading.perPage) * 1.5)));
      const step = Math.ceil((until - begin) / wanted / second) * second;
      const split: Window[] = [];
      for (let at = begin; at < until; at += step) split.push({ begin: at, end: at + step < until ? at + step : end });
      waiting.unshift(...split);
    } else if (page !== null) yield await followed(reading, begin, end, page);
  }
}

function isWhole<Item>({ items, nextCursor, total }: WindowPage<Item>): boolean {
  return nextCursor === null || nextCursor === '' || (total !== null && items.length >= total);
}

/** Walmart gives at most 20,000 orders to a question and refuses one that has more. */
async function firstOrTooMany<Item>(reading: WindowReading<Item>, begin: number, end: number | null): Promise<WindowPage<Item> | null> {
  try {
    return await reading.first(begin, end);
  } catch (error) {
    if (isFault(error) && error.code === 'invalid-request' && /20,?000/.test(error.message) && (end === null || end - begin > second))
      return null;
    throw error;
  }
}

async function followed<Item>(
  reading: WindowReading<Item>,
  begin: number,
  end: number | null,
  firstPage: WindowPage<Item>,
): Promise<readonly Item[]> {
  const latest = new Map<string, Item>();
  let page = firstPage;
  for (let round = 1; ; round++) {
    for (;;) {
      for (const item of page.items) latest.set(reading.keyOf(item), item);
      if (page.nextCursor === null || page.nextCursor === '' || page.items.length === 0) break;
      page = await reading.next(page.nextCursor);
    }
    if (latest.size >= (page.total ?? 0) || round === mostRounds) return [...latest.values()];
    page = await reading.first(begin, end);
  }
}
