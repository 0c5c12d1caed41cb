import { epochMs, instantOf, type Instant } from '@quartermaster/domain';
import type { OrderEvent, Trouble, WorldEvent, WorldOrder } from '../world.ts';
import { retiredProducts } from './catalogue.ts';
import { countries, inventAddress, oneOf, wholeNumber } from './places.ts';

/** What goes wrong on a day, as shares of its orders; each happens at least once, while there are orders left to go wrong. */
export const troubleShares = {
  'payment-pending': 0.01,
  'payment-late': 0.01,
  'high-risk': 0.01,
  'bad-address': 0.01,
  'no-sku': 0.005,
  'unknown-sku': 0.005,
  'payment-mismatch': 0.007,
  'cancel-before-wave': 0.02,
  'cancel-at-wave': 0.004,
  'cancel-after-wave': 0.006,
  'address-before-wave': 0.01,
} as const satisfies Record<string, number>;
export type PlannedTrouble = keyof typeof troubleShares;

/** How many orders of a day a trouble meets. */
export function troubledOrders(trouble: PlannedTrouble, orders: number): number {
  return Math.max(1, Math.round(orders * troubleShares[trouble]));
}

/**
 * Makes things go wrong with some of the orders, each with one thing at most, and gives back all events of the customers. Whoever cancels after the wave ordered something that
 * `plentiful` holds for, so that it surely left.
 */
export function makeTrouble(
  random: () => number,
  given: { orders: readonly OrderEvent[]; waves: readonly Instant[]; plentiful: (order: WorldOrder) => boolean },
): WorldEvent[] {
  const untouched = shuffled(random, given.orders);
  const changed = new Map<string, OrderEvent>();
  const later: WorldEvent[] = [];

  const take = (trouble: PlannedTrouble, fits: (event: OrderEvent) => boolean, act: (event: OrderEvent, nth: number) => void): void => {
    for (let nth = 0; nth < troubledOrders(trouble, given.orders.length); nth++) {
      const at = untouched.findIndex(fits);
      const [event] = at < 0 ? [] : untouched.splice(at, 1);
      if (event !== undefined) act(event, nth);
    }
  };
  const spoil = (event: OrderEvent, trouble: Trouble, change: Partial<WorldOrder>): void => {
    changed.set(event.id, { ...event, order: { ...event.order, ...change, trouble } });
  };
  const follow = (event: OrderEvent, kind: 'cancel' | 'paid', at: Instant): void => {
    later.push({ at, id: `${event.id}-${kind}`, kind, shop: event.shop, order: event.order.id });
  };
  const [firstDayWaves, lastWave] = [given.waves.slice(0, -1), given.waves.at(-1)];
  const waveOfToday = (event: OrderEvent): Instant | undefined => firstDayWaves.find((wave) => minutesFrom(event.at, wave) >= 2);
  const nextWave = (event: OrderEvent): Instant | undefined => given.waves.find((wave) => wave > event.at);
  const waits = (event: OrderEvent): boolean => minutesFrom(event.at, nextWave(event)) >= 20;
  const beforeWave = (event: OrderEvent): Instant => between(random, after(event.at, 4), after(nextWave(event) ?? event.at, -6));

  take(
    'cancel-after-wave',
    (event) => waveOfToday(event) !== undefined && given.plentiful(event.order),
    (event) => {
      follow(event, 'cancel', after(waveOfToday(event) ?? event.at, wholeNumber(random, 25, 70)));
    },
  );
  take(
    'cancel-at-wave',
    (event) => waveOfToday(event) !== undefined && given.plentiful(event.order),
    (event) => {
      follow(event, 'cancel', after(waveOfToday(event) ?? event.at, 1));
    },
  );
  take(
    'payment-late',
    (event) => minutesFrom(event.at, firstDayWaves.at(-1)) >= 60,
    (event) => {
      spoil(event, 'payment-late', { securedMinor: 0 });
      follow(event, 'paid', between(random, after(event.at, 20), after(firstDayWaves.at(-1) ?? event.at, -10)));
    },
  );
  take('payment-pending', always, (event) => spoil(event, 'payment-pending', { securedMinor: 0 }));
  take('high-risk', always, (event) => spoil(event, 'high-risk', { risk: 'high' }));
  take('bad-address', always, (event, nth) => spoil(event, 'bad-address', { shipTo: brokenAddress(event.order, nth) }));
  take('no-sku', always, (event) =>
    spoil(event, 'no-sku', { lines: firstLine(event.order, { sku: null, title: 'Gift wrapping, hand made' }) }),
  );
  take('unknown-sku', always, (event) => {
    const { sku, title } = oneOf(random, retiredProducts);
    spoil(event, 'unknown-sku', { lines: firstLine(event.order, { sku, title }) });
  });
  take('payment-mismatch', always, (event) => {
    spoil(event, 'payment-mismatch', { securedMinor: event.order.totalMinor - wholeNumber(random, 1, 250) });
  });
  take('cancel-before-wave', waits, (event) => follow(event, 'cancel', beforeWave(event)));
  take('address-before-wave', waits, (event) => {
    const country = countries.find(({ code }) => code === event.order.shipTo?.country);
    if (country === undefined || lastWave === undefined) return;
    const shipTo = inventAddress(random, country, { number: 90_000 + later.length, company: event.order.class === 'business' });
    later.push({ at: beforeWave(event), id: `${event.id}-address`, kind: 'address', shop: event.shop, order: event.order.id, shipTo });
  });
  return [...given.orders.map((event) => changed.get(event.id) ?? event), ...later];
}

const always = (): boolean => true;

/** The ways in which addresses come broken, in turn: no house, no postal code, nothing at all. */
function brokenAddress(order: WorldOrder, nth: number): WorldOrder['shipTo'] {
  if (order.shipTo === null || nth % 3 === 2) return null;
  return nth % 3 === 0 ? { ...order.shipTo, lines: [] } : { ...order.shipTo, postalCode: '' };
}

/** The basket with another thing on its first line at the old price, so that the total stays right. */
function firstLine(order: WorldOrder, change: { sku: string | null; title: string }): WorldOrder['lines'] {
  return order.lines.map((line, index) => (index === 0 ? { ...line, ...change } : line));
}

function minutesFrom(from: Instant, to: Instant | undefined): number {
  return to === undefined ? -Infinity : (epochMs(to) - epochMs(from)) / 60_000;
}

function after(instant: Instant, minutes: number): Instant {
  return instantOf(epochMs(instant) + minutes * 60_000);
}

function between(random: () => number, from: Instant, to: Instant): Instant {
  const seconds = Math.max(0, Math.floor((epochMs(to) - epochMs(from)) / 1_000));
  return instantOf(epochMs(from) + Math.floor(random() * seconds) * 1_000);
}

function shuffled<Value>(random: () => number, values: readonly Value[]): Value[] {
  return values
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}
