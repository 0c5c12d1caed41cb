import type { ChannelOrder } from '@quartermaster/domain';
import type { OrderCase } from '@quartermaster/fulfilment';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { baselineWave, comparedShipments, comparedSince, takesPart, type Baseline } from './baseline.ts';
import { availableForOrders } from '../stock/stock-view.ts';
import { after, channelOrder, draft, line, openCaseOf, position, problemInput, sourced } from '../testing/givens.ts';

const nodes = ['BER', 'HAM'] as const;

/** Days of orders, receipts, our own waves (any plan that stock allows) and cancellations. */
const anyStory = fc.record({
  stock: fc.tuple(fc.nat(12), fc.nat(12)),
  steps: fc.array(
    fc.record({
      hours: fc.constantFrom(1, 7, 24),
      orders: fc.array(fc.record({ units: fc.integer({ min: 1, max: 5 }), area: fc.constantFrom('101', '200') }), { maxLength: 4 }),
      receipt: fc.nat(4),
      receiptAt: fc.constantFrom(...nodes),
      ours: fc.constantFrom('BER first', 'HAM first', 'none'),
      cancel: fc.nat(9),
    }),
    { minLength: 1, maxLength: 8 },
  ),
});
type Story = typeof anyStory extends fc.Arbitrary<infer Value> ? Value : never;

test('the baseline never ships more than is physically there, less what it has shipped', () => {
  fc.assert(
    fc.property(anyStory, (story) => {
      for (const { slot, baseline, physical } of play(story)) {
        for (const node of nodes) {
          const here = baseline.shipments.filter((each) => each.node === node);
          const [added, kept] = [here.filter((each) => each.slot === slot), here.filter((each) => each.slot !== slot)].map(unitsOf);
          expect(added).toBeLessThanOrEqual(Math.max(0, physical[node] - (kept ?? 0)));
        }
      }
    }),
    { numRuns: 150 },
  );
});

test('as long as no order has left the comparison, all that it shipped was physically there', () => {
  fc.assert(
    fc.property(anyStory, (story) => {
      for (const { baseline, physical, hour } of play(story)) {
        if (hour > 48) return;
        for (const node of nodes)
          expect(unitsOf(baseline.shipments.filter((each) => each.node === node))).toBeLessThanOrEqual(physical[node]);
      }
    }),
    { numRuns: 150 },
  );
});

test('the baseline ships no order twice, and no more of a line than was ordered', () => {
  fc.assert(
    fc.property(anyStory, (story) => {
      for (const { baseline, cases } of play(story)) {
        for (const { order } of cases) {
          const units = unitsOf(baseline.shipments.filter((each) => each.order === order.id));
          expect(units).toBeLessThanOrEqual(order.lines[0]?.quantity ?? 0);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test('plan and baseline are measured over the same orders: whoever takes part has all its shipments in the compared time', () => {
  fc.assert(
    fc.property(anyStory, (story) => {
      for (const { cases, since } of play(story)) {
        const compared = comparedShipments(cases, since);
        for (const each of cases.filter((one) => takesPart(one, since)))
          expect(compared.filter(({ order }) => order === each.key).length).toBe(each.shipments.length);
      }
    }),
    { numRuns: 100 },
  );
});

test('an order that is cancelled gives its units back to the baseline', () => {
  const order = channelOrder({ lines: [line('l1', 'MUG', 3)] });
  const open = openCaseOf(order);
  const first = wave({ shipments: [], sourced: [] }, [open], '2026-11-23T10:00:00.000Z', { BER: 3, HAM: 0 });
  const cancelled = after(open, { kind: 'cancel-requested', by: 'channel' });
  const other = openCaseOf(channelOrder({ id: '2', lines: [line('l1', 'MUG', 3)] }));

  const second = wave(first, [cancelled, other], '2026-11-23T13:00:00.000Z', { BER: 3, HAM: 0 });

  expect(second.shipments.map(({ order: key }) => key)).toEqual(['2']);
});

/** What is there and who knows of it, after each wave. `physical` is all that ever stood at a node in the compared time and nobody took before. */
function* play({ stock, steps }: Story) {
  const shelf = { BER: stock[0], HAM: stock[1] };
  let cases: OrderCase[] = [];
  let baseline: Baseline = { shipments: [], sourced: [] };
  let hour = 0;
  for (const [number, step] of steps.entries()) {
    hour += step.hours;
    const slot = new Date(Date.UTC(2026, 10, 23, 6 + hour)).toISOString();
    shelf[step.receiptAt] += step.receipt;
    cases = cases.map((each, index) =>
      index === step.cancel && each.shipments.length === 0 ? after(each, { kind: 'cancel-requested', by: 'channel' }) : each,
    );
    cases.push(...step.orders.map(({ units, area }, index) => openCaseOf(orderOf(`${number}-${index}`, units, area, slot))));
    const since = comparedSince(slot);
    const ours = { BER: 0, HAM: 0 };
    for (const shipment of comparedShipments(cases, since))
      for (const { units } of shipment.lines) ours[shipment.node === 'BER' ? 'BER' : 'HAM'] += units;
    const physical = { BER: shelf.BER + ours.BER, HAM: shelf.HAM + ours.HAM };
    baseline = wave(baseline, cases, slot, shelf);
    cases = cases.map((each) => ship(each, slot, step.ours, shelf));
    yield { slot, hour: hour - (steps[0]?.hours ?? 0), baseline, cases, physical, since };
  }
}

function wave(before: Baseline, cases: readonly OrderCase[], slot: string, shelf: { BER: number; HAM: number }): Baseline {
  // Our shipments have left the shelf at once here, so nothing of them is planned or reserved any more.
  const available = availableForOrders([position('MUG', 'BER', shelf.BER), position('MUG', 'HAM', shelf.HAM)], []);
  return baselineWave('nearest-first', before, { ...problemInput({ at: slot }), available, cases, slot, planned: [], minorPerUnit: 100 });
}

function ship(each: OrderCase, slot: string, ours: Story['steps'][number]['ours'], shelf: { BER: number; HAM: number }): OrderCase {
  const units = each.order.lines[0]?.quantity ?? 0;
  if (each.state !== 'open' || ours === 'none') return each;
  const node = (ours === 'BER first' ? nodes : [...nodes].reverse()).find((one) => shelf[one] >= units);
  if (node === undefined) return each;
  shelf[node] -= units;
  return sourced(each, slot, draft(node, [{ lineId: 'l1', sku: 'MUG', units }]));
}

function unitsOf(shipments: Baseline['shipments']): number {
  return shipments.flatMap((each) => each.lines).reduce((sum, each) => sum + each.units, 0);
}

function orderOf(id: string, units: number, postalArea: string, placedAt: string): ChannelOrder {
  return channelOrder({
    id,
    placedAt,
    updatedAt: placedAt,
    lines: [line('l1', 'MUG', units)],
    destination: { country: 'DE', region: null, postalArea },
  });
}
