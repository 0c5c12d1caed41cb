import { chanceOf, type Chance } from './chance.ts';
import { activeMs, busyWaves, wireFaults, type Day, type Happening, type Vendor } from './day.ts';

const minute = 60_000;
export const skus = ['MUG', 'LAMP', 'BOWL'] as const;
export const nodes = ['BER', 'HAM'] as const;

/** The day of a seed: a short one, in which all that goes wrong in years comes close together. */
export function drawDay(seed: number): Day {
  const chance = chanceOf(seed, 'day');
  const replicas = chance.oneOf<1 | 2 | 3>([1, 2, 3]);
  const shops = chance.oneOf([['shop'], ['shop', 'mart']] as const);
  const carriers = chance.oneOf([['post'], ['post'], ['post'], ['house'], ['post', 'house']] as const);
  const vendors: readonly [Vendor, ...Vendor[]] = ['odoo', ...(carriers.some((each) => each === 'post') ? ['post'] : []), ...shops];
  const happenings: Happening[] = [];
  let last = 0;
  const id = () => (last += 1);
  const some = (from: number, to: number, draw: () => Happening) => {
    for (let left = chance.between(from, to); left > 0; left -= 1) happenings.push(draw());
  };

  let lastAt = 0;
  some(5, 11, () => {
    // Customers come alone or together.
    const at =
      lastAt > 0 && chance.happens(0.4) ? lastAt + chance.between(1_000, 90_000) : chance.between(5 * minute, activeMs - 8 * minute);
    lastAt = at;
    return order(id(), at, chance, shops);
  });
  const orders = happenings.filter(({ kind }) => kind === 'order');
  const anOrder = () => orders[chance.between(0, orders.length - 1)]?.id ?? 1;
  const calm = chance.happens(0.1);
  if (!calm) {
    some(0, 3, () => ({
      id: id(),
      at: sometime(chance),
      kind: 'shop-edit',
      order: anOrder(),
      edit: chance.oneOf(['cancel', 'cancel', 'address', 'refund-unit', 'pay', 'pay', 'hold', 'release', 'refund-money']),
    }));
    some(0, 2, () => ({
      id: id(),
      at: sometime(chance),
      kind: 'odoo-edit',
      order: anOrder(),
      edit: chance.oneOf(['cancel', 'validate', 'unreserve', 'price', 'cancel-delivery']),
    }));
    some(0, 2, () => ({
      id: id(),
      at: sometime(chance),
      kind: 'receipt',
      sku: chance.oneOf(skus),
      node: chance.oneOf(nodes),
      units: chance.between(1, 6),
    }));
    some(0, 3, () => ({
      id: id(),
      at: sometime(chance),
      kind: 'operator',
      order: anOrder(),
      act: chance.oneOf(['hold', 'release', 'override', 'retry', 'retry', 'drop', 'pause', 'resume']),
    }));
    some(1, 4, () => fault(id(), chance, vendors));
    some(0, 4, () => ({
      id: id(),
      at: busyTime(chance),
      kind: 'crash',
      replica: chance.between(1, replicas),
      ...awaitPoint(chance),
      backMs: chance.oneOf([5_000, 20_000, 90_000, 6 * minute]),
    }));
    some(0, 2, () => ({
      id: id(),
      at: busyTime(chance),
      kind: 'stall',
      replica: chance.between(1, replicas),
      ...stallPoint(chance),
      forMs: chance.oneOf([15_000, 70_000, 3 * minute, 7 * minute]),
    }));
    some(0, 1, () => ({
      id: id(),
      at: busyTime(chance),
      kind: 'partition',
      replica: chance.between(1, replicas),
      from: chance.oneOf(['journal', ...vendors]),
      forMs: chance.between(10_000, 6 * minute),
    }));
    if (chance.happens(0.2))
      happenings.push({
        id: id(),
        at: busyTime(chance),
        kind: 'lost-commits',
        replica: chance.between(1, replicas),
        forMs: chance.between(10_000, 4 * minute),
        share: chance.oneOf([0.02, 0.1, 0.4]),
      });
    if (chance.happens(0.2))
      happenings.push({ id: id(), at: busyTime(chance), kind: 'slow-disk', forMs: 5 * minute, diskMs: chance.oneOf([500, 5_000]) });
    if (chance.happens(0.2))
      happenings.push({ id: id(), at: busyTime(chance), kind: 'deploy', replica: chance.between(1, replicas), backMs: 10_000 });
  }
  const skew = () => chance.between(-20, 20) * 500;
  const lavish = chance.happens(0.5);
  return {
    seed,
    replicas,
    shared: replicas > 1 || chance.happens(0.4),
    shops,
    carriers,
    stock: skus.flatMap((sku) => nodes.map((node) => ({ sku, node, units: lavish ? chance.between(6, 14) : chance.between(0, 4) }))),
    skewMs: {
      replicas: Array.from({ length: replicas }, skew),
      vendors: Object.fromEntries(vendors.map((vendor) => [vendor, skew()])),
    },
    searchLagMs: chance.oneOf([0, 20_000, 100_000]),
    webhooks: { lost: chance.oneOf([0, 0.3, 1]), twice: chance.oneOf([0, 0.4]), latestMs: chance.oneOf([1_000, 30_000, 10 * minute]) },
    happenings: happenings.sort((a, b) => a.at - b.at || a.id - b.id),
  };
}

function order(id: number, at: number, chance: Chance, shops: Day['shops']): Happening {
  const wanted = chance.oneOf<readonly (typeof skus)[number][]>([
    ['MUG'],
    ['LAMP'],
    ['BOWL'],
    ['MUG', 'LAMP'],
    ['MUG', 'BOWL'],
    ['BOWL', 'MUG', 'LAMP'],
  ]);
  return {
    id,
    at: Math.min(at, activeMs - 3 * minute),
    kind: 'order',
    shop: shops[chance.between(0, shops.length - 1)] ?? shops[0],
    lines: wanted.map((sku) => ({ sku, quantity: chance.between(1, 3), discount: chance.happens(0.2) ? '1.33' : null })),
    payment: chance.oneOf(['PAID', 'PAID', 'PAID', 'PAID', 'PAID', 'PENDING', 'AUTHORIZED']),
    shipping: chance.oneOf([null, '4.90', '3.33']),
    risky: chance.happens(0.05),
  };
}

function fault(id: number, chance: Chance, vendors: readonly [Vendor, ...Vendor[]]): Happening {
  return {
    id,
    at: busyTime(chance),
    kind: 'fault',
    vendor: chance.oneOf(vendors),
    fault: chance.oneOf(wireFaults),
    forMs: chance.oneOf([20_000, 2 * minute, 10 * minute]),
    share: chance.oneOf([0.1, 0.3, 0.7, 1]),
  };
}

function sometime(chance: Chance): number {
  return chance.between(6 * minute, activeMs - minute);
}

/** Any await point, or one of those at which a loss is worst. */
function awaitPoint(chance: Chance): { readonly where: string; readonly points: number } {
  const where = chance.oneOf(['', '', 'journal', 'wire-after post', 'wire-after post', 'wire-after odoo', 'port-after']);
  return { where, points: chance.between(0, where === '' ? 80 : where === 'journal' ? 40 : 10) };
}

/** Any await point, or mostly one at which a label is half bought: who stands still there comes back to a purchase that another replica may have made. */
function stallPoint(chance: Chance): { readonly where: string; readonly points: number } {
  return chance.happens(0.5) ? { where: 'wire-after post', points: chance.between(0, 3) } : awaitPoint(chance);
}

/** Mostly right at a wave, where most is under way. */
function busyTime(chance: Chance): number {
  return chance.happens(0.7) ? chance.oneOf(busyWaves) + chance.between(-20_000, 40_000) : sometime(chance);
}
