import type { Day } from './day.ts';
import { skus } from './draw-day.ts';
import type { People } from './people.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { World } from './world.ts';

/** Looks at what the shops show against what is there. */
export type StockWatch = {
  /** To be called once a minute. */
  readonly look: () => void;
  /** What is shown beyond what there is right now, and not yet for too long. */
  readonly beyondNow: () => string[];
  readonly violations: () => string[];
};

const minute = 60_000;
/**
 * The declared window: as long may shops show too much after something was sold, counted or reserved elsewhere. It takes a reading of the shops (5 minutes), a publication (10), a rest of the
 * daemon (2), the way there (1), and the reserve of a publication that waited for the one before it (10). Minutes in which a fault stood, or its connection was still left alone because of
 * one, do not count.
 */
export const windowMinutes = 28;
/** The longest time for which a circuit leaves its connection alone after the last fault, with the lease of a process that died. */
export const aftermathMs = 11 * minute;

/** A time, in milliseconds since the day began, in which shops may show too much. */
export type Trouble = { readonly from: number; readonly to: number };

/** What of a day's faults has its time from the beginning. */
export function troublesOf(day: Day): Trouble[] {
  return day.happenings.flatMap((each) => {
    switch (each.kind) {
      case 'fault':
      case 'partition':
      case 'slow-disk':
      case 'lost-commits':
        return [{ from: each.at, to: each.at + each.forMs + aftermathMs }];
      case 'deploy':
        return [{ from: each.at, to: each.at + each.backMs + aftermathMs }];
      // A pause of a connection by hand.
      case 'operator':
        return [{ from: each.at, to: each.at + 5 * minute + aftermathMs }];
      default:
        return [];
    }
  });
}

/** `troubles` may become more while the day goes on. */
export function watchStock(given: {
  readonly time: VirtualTime;
  readonly world: World;
  readonly people: People;
  readonly troubles: readonly Trouble[];
}): StockWatch {
  const { time, world, people, troubles } = given;
  const startMs = time.nowMs();
  const isTroubled = (at: number) => troubles.some(({ from, to }) => from <= at && at <= to);
  const beyond = new Map<string, number>();
  const violations = new Set<string>();

  /** Units of a SKU that no customer has been promised: on the shelves and not reserved, less what orders want that Odoo has not set aside for them. */
  const promisable = (): Map<string, number> => {
    const { orders, quants } = world.odoo.snapshot();
    const free = new Map<string, number>();
    const add = (sku: string, units: number) => free.set(sku, (free.get(sku) ?? 0) + units);
    for (const { sku, quantity, reserved } of quants) add(sku, quantity - reserved);
    const served = new Map<string, number>();
    for (const { externalId, pickings } of orders)
      for (const { sku, quantity, state } of pickings.flatMap(({ moves }) => moves))
        if (state !== 'cancel') served.set(`${externalId} ${sku}`, (served.get(`${externalId} ${sku}`) ?? 0) + quantity);
    const shots = new Map([...world.shops].map(([id, shop]) => [id, new Map(shop.snapshot().orders.map((order) => [order.id, order]))]));
    for (const { shop, id, editedInOdoo } of people.placed.values()) {
      const order = shots.get(shop)?.get(id);
      if (order === undefined || order.cancelledAt !== null || editedInOdoo) continue;
      for (const [sku, lines] of Map.groupBy(order.lines, (line) => line.sku ?? '')) {
        const wanted = lines.reduce((sum, line) => sum + line.currentQuantity, 0);
        add(sku, -Math.max(0, wanted - (served.get(`__qm__.${shop}_${id}_order ${sku}`) ?? 0)));
      }
    }
    return free;
  };

  /** What customers may order: a shop sells the sum over its locations, and none of what is oversold. */
  const shown = (): Map<string, number> => {
    const units = new Map<string, number>();
    for (const shop of world.shops.values())
      for (const [sku, places] of Map.groupBy(shop.snapshot().inventory, (place) => place.sku ?? '')) {
        const available = places.reduce((sum, place) => sum + place.available, 0);
        units.set(sku, (units.get(sku) ?? 0) + Math.max(0, available));
      }
    return units;
  };

  return {
    look() {
      const [free, show] = [promisable(), shown()];
      for (const sku of skus) {
        const may = Math.max(0, free.get(sku) ?? 0);
        const does = show.get(sku) ?? 0;
        if (does <= may) beyond.delete(sku);
        else {
          const minutes = (beyond.get(sku) ?? 0) + (isTroubled(time.nowMs() - startMs) ? 0 : 1);
          beyond.set(sku, minutes);
          if (minutes > windowMinutes)
            violations.add(`the shops show ${does} ${sku} for more than ${windowMinutes} minutes, and ${may} may be promised`);
        }
      }
    },
    beyondNow: () => (violations.size > 0 ? [] : [...beyond].map(([sku]) => `the shops show too many ${sku}`)),
    violations: () => [...violations],
  };
}
