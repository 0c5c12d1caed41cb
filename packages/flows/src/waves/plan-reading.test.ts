import { solve } from '@quartermaster/sourcing';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { costedShipments, readPlan } from './plan-reading.ts';
import { buildProblem } from './sourcing-problem.ts';
import { channelOrder, line, problemInput, product, settings } from '../testing/givens.ts';

test('a plan becomes shipments with their parcels, dates and expected freight', async () => {
  const { drafts } = await planned();

  expect(drafts.get('1001')).toEqual([
    {
      node: 'BER',
      carrier: 'house',
      service: 'std',
      lines: [
        { lineId: 'l1', sku: 'MUG', units: 2 },
        { lineId: 'l2', sku: 'LAMP', units: 1 },
      ],
      parcels: [{ number: 1, grams: 2_000, millimetres: null, items: expect.anything() }],
      dispatchDate: '2026-11-23',
      promiseDate: '2026-11-27',
      // 4.00 and 2 kg at 0.50.
      estimate: { currency: 'EUR', minorByTerm: { shipping: 500, lateness: 0 } },
    },
  ]);
});

test('a unit that no parcel holds is told and not shipped, and the rest of the plan stands', async () => {
  const orders = [channelOrder({ id: 'sofa', lines: [line('s', 'SOFA', 1)] }), channelOrder({ id: 'mug', lines: [line('m', 'MUG', 1)] })];

  const { drafts, tooHeavy } = await planned({ orders });

  expect({ shipped: [...drafts.keys()], tooHeavy }).toEqual({ shipped: ['mug'], tooHeavy: [{ order: 'sofa', skus: ['SOFA'] }] });
});

test('parcels hold every unit of their shipment once, and none is heavier than the service allows', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ sku: fc.constantFrom('MUG', 'LAMP'), units: fc.integer({ min: 1, max: 9 }) }), { minLength: 1, maxLength: 4 }),
      async (wanted) => {
        const lines = wanted.map(({ sku, units }, index) => line(`l${index}`, sku, units));
        const shelf = new Map([
          ['MUG', 40],
          ['LAMP', 40],
        ]);

        const { drafts } = await planned({ orders: [channelOrder({ lines })], available: new Map([['BER', shelf]]) });

        for (const draft of drafts.get('1001') ?? []) {
          const items = draft.parcels.flatMap((parcel) => parcel.items);
          for (const { lineId, units } of draft.lines)
            expect(items.filter((item) => item.lineId === lineId).reduce((sum, item) => sum + item.units, 0)).toBe(units);
          expect(Math.max(...draft.parcels.map((parcel) => parcel.grams))).toBeLessThanOrEqual(10_000);
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('freight and lateness of the shipments add up to what the optimizer says of the plan', async () => {
  const orders = ['2026-11-10', '2026-11-23'].flatMap((day, index) =>
    [1, 2, 3].map((units) =>
      channelOrder({ id: `${index}${units}`, placedAt: `${day}T08:00:00.000Z`, lines: [line('l1', 'MUG', units), line('l2', 'LAMP', 1)] }),
    ),
  );
  const input = problemInput({ orders });
  const problem = buildProblem(input);
  const { plan, cost } = await solve(problem);

  const shipments = costedShipments(problem, plan, input.demands, { at: input.at, settings: input.settings, minorPerUnit: 100 });

  const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0);
  expect(sum(shipments.map((each) => each.shippingMinor))).toBe(Math.round(cost.shipping * 100));
  expect(sum(shipments.map((each) => each.latenessMinor))).toBe(Math.round(cost.lateness * 100));
});

async function planned(given: Parameters<typeof problemInput>[0] = {}) {
  const input = problemInput(given);
  const problem = buildProblem(input);
  const { plan } = await solve(problem);
  return readPlan(problem, plan, input.demands, { at: input.at, settings: settings(), product, minorPerUnit: 100 });
}
