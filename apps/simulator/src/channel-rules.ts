import type { Books } from './books.ts';
import type { PlacedOrder } from './people.ts';

/** Each order that still goes on, or has left, is taken on in its shop, unless a person is told or gave it up. */
export function takenOn(books: Books): string[] {
  return books.placed.flatMap((placed) => {
    const found = books.cases.get(placed.key);
    if (found === undefined || found.state === 'cancelled' || found.state === 'cancelling') return [];
    const inShop = books.inShop(placed).metafields['quartermaster.order'];
    if (found.acknowledgement === 'done')
      return inShop === undefined ? [`${placed.name} counts as taken on, and its shop was not told`] : [];
    return isToldOrGivenUp(books, placed, 'acknowledge') ? [] : [`${placed.name} was not taken on in its shop, and nobody is told`];
  });
}

/** Of what has left, the authorized money was taken, unless a person is told or gave it up. */
export function moneyTaken(books: Books): string[] {
  return books.placed.flatMap((placed) => {
    const shot = books.inShop(placed);
    if (shot.fulfillments.length === 0 || shot.financialStatus !== 'AUTHORIZED') return [];
    return isToldOrGivenUp(books, placed, 'capture') ? [] : [`${placed.name} has left, its money is only authorized, and nobody is told`];
  });
}

function isToldOrGivenUp({ exceptions, intents }: Books, { key }: PlacedOrder, kind: 'acknowledge' | 'capture'): boolean {
  const told = exceptions.some(({ subjectKey }) => subjectKey === key || subjectKey.startsWith(`${key}/`));
  return told || intents.some((intent) => intent.kind === kind && intent.state === 'cancelled' && intent.orderKey.startsWith(`${key}/`));
}
