import * as fc from 'fast-check';
import { parseProblem, type SourcingProblem } from '../problem.ts';

/** Ids that trip programs which join ids or use them as object keys. */
const ids = ['__proto__', 'constructor', 'a b', 'x|y', '', '0'];
const zones = ['AT', '__proto__'];
const channels = ['web', '__proto__'];

const cents = (most: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: most * 100 }).map((value) => value / 100);
const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> => fc.option(value, { nil: undefined, freq: 2 });
const some = (all: readonly string[]): fc.Arbitrary<string[]> => fc.subarray([...all], { minLength: 1 });
const record = (keys: readonly string[], value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(fc.subarray([...keys]), fc.array(value, { minLength: keys.length, maxLength: keys.length }))
    .map(([chosen, values]) => Object.fromEntries(chosen.map((key, index) => [key, values[index]])));

/** How many of each a made-up problem has; orders have up to so many lines. */
export interface ProblemSize {
  readonly nodes: number;
  readonly services: number;
  readonly skus: number;
  readonly orders: number;
  readonly lines: number;
}

/** Small problems with every optional field of the contract. */
export function problems(size: ProblemSize): fc.Arbitrary<SourcingProblem> {
  const skuIds = ids.slice(0, size.skus);
  const nodeIds = ids.slice(0, size.nodes);
  const serviceIds = ids.slice(0, size.services);
  const tiers = fc
    .tuple(fc.array(fc.record({ minutes: cents(15), costPerMinute: cents(1) }), { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([given, unlimited]) => {
      const rising = [...given].sort((left, right) => left.costPerMinute - right.costPerMinute);
      return rising.map((tier, index) => (unlimited && index === rising.length - 1 ? { ...tier, minutes: null } : tier));
    });
  const node = (id: string): fc.Arbitrary<unknown> =>
    fc.record({
      id: fc.constant(id),
      kind: fc.constantFrom('warehouse', '3pl', 'store'),
      zone: fc.constantFrom(...zones),
      cutoffMinute: fc.constantFrom(600, 900),
      dispatchDay: maybe(record(serviceIds, fc.nat(2))),
      services: maybe(some(serviceIds)),
      stock: record(skuIds, fc.nat(4)),
      reserved: maybe(record(channels, record(skuIds, fc.nat(3)))),
      maxShipments: maybe(record(serviceIds, fc.nat(2))),
      labor: fc.record({ minutesPerShipment: cents(3), minutesPerLine: cents(1), minutesPerUnit: cents(1), tiers }),
    });
  const price = fc.oneof(
    fc.record({ base: cents(9), perKg: cents(1) }),
    fc
      .uniqueArray(fc.record({ upToKg: fc.constantFrom(1, 2, 5, 20), amount: cents(12) }), {
        minLength: 1,
        maxLength: 3,
        selector: ({ upToKg }) => upToKg,
      })
      .map((bands) => ({
        bands: bands
          .map(({ upToKg }) => upToKg)
          .sort((left, right) => left - right)
          .map((upToKg, index) => ({ upToKg, amount: bands.map(({ amount }) => amount).sort((left, right) => left - right)[index] })),
      })),
  );
  const lane = fc.tuple(price, fc.nat(3), fc.nat(3));
  const service = (id: string): fc.Arbitrary<unknown> =>
    fc
      .record({
        litresPerKg: maybe(fc.constantFrom(4, 6)),
        maxKg: maybe(fc.constantFrom(3, 30)),
        parcelMaxKg: maybe(fc.constantFrom(1, 4)),
        lanes: fc.array(lane, { minLength: 4, maxLength: 4 }),
      })
      .map(({ lanes, ...rest }) => ({
        id,
        ...rest,
        lanes: lanes.flatMap(([form, transitDays, there], index) =>
          there > 0 || index === 0 ? [{ from: zones[index >> 1], to: zones[index & 1], transitDays, ...form }] : [],
        ),
      }));
  const line = fc.record({
    sku: fc.constantFrom(...skuIds),
    units: fc.integer({ min: 1, max: 3 }),
    unfilledCostPerUnit: fc.oneof(cents(15), cents(60)),
    bundle: maybe(fc.constantFrom('kit', '__proto__')),
    promiseDay: maybe(fc.nat(3)),
    services: maybe(some(serviceIds)),
    eligibleNodes: maybe(some(nodeIds)),
  });
  const order = (id: string): fc.Arbitrary<unknown> =>
    fc.record({
      id: fc.constant(id),
      channel: fc.constantFrom(...channels),
      zone: fc.constantFrom(...zones),
      promiseDay: fc.nat(3),
      lateCostPerDay: cents(2),
      splitCost: cents(2),
      maxShipments: maybe(fc.integer({ min: 1, max: 3 })),
      shipComplete: maybe(fc.boolean()),
      services: maybe(some(serviceIds)),
      surcharge: maybe(record(serviceIds, cents(3))),
      eligibleNodes: maybe(some(nodeIds)),
      lines: fc.array(line, { minLength: 1, maxLength: size.lines }),
    });
  return fc
    .record({
      format: fc.constant('quartermaster/sourcing-problem@1'),
      name: fc.constant('law'),
      currency: fc.constant('EUR'),
      decisionMinute: fc.constant(780),
      skus: fc.tuple(...skuIds.map((id) => fc.record({ id: fc.constant(id), weightKg: cents(3), volumeL: cents(9) }))),
      nodes: fc.tuple(...nodeIds.map(node)),
      services: fc.tuple(...serviceIds.map(service)),
      orders: fc.tuple(...ids.slice(0, size.orders).map(order)),
    })
    .map((raw) => parseProblem(raw));
}
