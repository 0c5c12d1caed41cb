import { money, type ErpDelivery, type ErpOrder, type OrderStanding } from '@quartermaster/domain';
import { decide, type OrderCase } from '@quartermaster/fulfilment';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agreeing, longAgo, orderAt, stages, type Stage } from '../testing/agreeing.ts';
import { position } from '../testing/givens.ts';
import { newsInErp } from '../waves/wave-preparation.ts';
import type { DriftCause } from './causes.ts';
import { compareDrift } from './compare.ts';
import { driftPolicySchema } from './policy.ts';
import type { LevelViews, OrderViews } from './views.ts';

const policy = driftPolicySchema.parse({});
const now = '2026-11-23T10:00:00.000Z';
const units = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
const anyStage = fc.constantFrom<Stage>(...stages);

function found(...orders: readonly OrderViews[]) {
  return compareDrift({ orders, levels: [], positions: [] }, policy, now).differences;
}

const causesOf = (views: OrderViews) => [...new Set(found(views).map(({ cause }) => cause))];

function withChannel(views: OrderViews, change: (channel: OrderStanding) => OrderViews['channel']): OrderViews {
  if (views.channel === null || views.channel === 'absent') throw new Error('the channel has the order');
  return { ...views, channel: change(views.channel) };
}

function withErp(views: OrderViews, change: (erp: ErpOrder) => OrderViews['erp']): OrderViews {
  if (views.erp === null || views.erp === 'absent') throw new Error('the ERP has the order');
  return { ...views, erp: change(views.erp) };
}

function withDelivery(views: OrderViews, change: (delivery: ErpDelivery) => ErpDelivery): OrderViews {
  return withErp(views, (erp) => ({ ...erp, deliveries: erp.deliveries.map((each, index) => (index === 0 ? change(each) : each)) }));
}

function withCase(views: OrderViews, change: (given: OrderCase) => OrderCase): OrderViews {
  if (views.journal.kind !== 'case') throw new Error('the journal has the order');
  return { ...views, journal: { ...views.journal, case: change(views.journal.case) } };
}

const later = '2026-11-22T08:00:00.000Z';
const off = (total: OrderStanding['total'], minor: number) => money(total.minor + minor, total.currency);
const nothingOpen = (channel: OrderStanding) => ({ ...channel, lines: channel.lines.map((each) => ({ ...each, unshipped: 0 })) });
const allOpen = (channel: OrderStanding) => ({ ...channel, lines: channel.lines.map((each) => ({ ...each, unshipped: each.quantity })) });

/** What may go wrong with an order, the stages at which it can, and how. */
const drifts: readonly (readonly [DriftCause, readonly Stage[], (views: OrderViews) => OrderViews])[] = [
  ['order-missing-here', ['open'], (views) => ({ ...views, journal: { kind: 'unknown' } })],
  ['order-forgotten-here', ['written', 'labelled'], (views) => ({ ...views, journal: { kind: 'unknown' } })],
  [
    'cancellation-missed',
    ['open', 'written', 'labelled', 'confirmed'],
    (views) => withChannel(views, (channel) => ({ ...channel, status: 'cancelled', updatedAt: later })),
  ],
  [
    'refund-missed',
    ['open', 'written', 'confirmed'],
    (views) => withChannel(views, (channel) => ({ ...channel, secured: off(channel.secured, -1), updatedAt: later })),
  ],
  [
    'change-missed',
    ['open', 'written', 'confirmed', 'cancelled'],
    (views) => withChannel(views, (channel) => ({ ...channel, updatedAt: later })),
  ],
  [
    'change-missed',
    ['open', 'written', 'confirmed'],
    (views) => withChannel(views, (channel) => ({ ...channel, total: off(channel.total, 1) })),
  ],
  ['order-gone-from-channel', ['open', 'written', 'labelled'], (views) => ({ ...views, channel: 'absent' })],
  ['confirmation-missing', ['shipped'], (views) => withChannel(views, allOpen)],
  ['confirmation-withdrawn', ['confirmed'], (views) => withChannel(views, allOpen)],
  ['shipped-by-hand-in-channel', ['open', 'written', 'labelled'], (views) => withChannel(views, nothingOpen)],
  ['order-missing-in-erp', ['written', 'short', 'labelled'], (views) => ({ ...views, erp: 'absent' })],
  ['order-unheard-in-erp', ['written'], (views) => withCase(views, (given) => ({ ...given, erp: null }))],
  ['cancelled-in-erp', ['written', 'short', 'labelled'], (views) => withErp(views, (erp) => ({ ...erp, state: 'cancelled' }))],
  ['reopened-in-erp', ['written', 'labelled'], (views) => withErp(views, (erp) => ({ ...erp, state: 'draft' }))],
  [
    'not-cancelled-in-erp',
    ['cancelled'],
    (views) =>
      withErp(views, (erp) => ({ ...erp, state: 'confirmed', deliveries: erp.deliveries.map((each) => ({ ...each, state: 'ready' })) })),
  ],
  ['shipped-by-hand-in-erp', ['written', 'labelled'], (views) => withDelivery(views, (delivery) => ({ ...delivery, state: 'done' }))],
  ['not-shipped-in-erp', ['shipped', 'confirmed'], (views) => withDelivery(views, (delivery) => ({ ...delivery, state: 'ready' }))],
  [
    'delivery-cancelled-in-erp',
    ['written', 'short', 'labelled'],
    (views) => withDelivery(views, (delivery) => ({ ...delivery, state: 'cancelled' })),
  ],
  [
    'delivery-cancelled-in-erp',
    ['written', 'labelled'],
    (views) => withErp(views, (erp) => ({ ...erp, deliveries: erp.deliveries.slice(1) })),
  ],
  ['delivery-moved-in-erp', ['written', 'labelled'], (views) => withDelivery(views, (delivery) => ({ ...delivery, node: 'MUC' }))],
  [
    'reservation-differs',
    ['written', 'short', 'labelled'],
    (views) =>
      withDelivery(views, (delivery) => ({
        ...delivery,
        lines: delivery.lines.map((each) => ({ ...each, reserved: each.reserved === each.demand ? 0 : each.demand })),
      })),
  ],
  [
    'quantity-differs-in-erp',
    ['written', 'labelled', 'confirmed'],
    (views) =>
      withErp(
        withDelivery(views, (delivery) => ({ ...delivery, lines: delivery.lines.map((each) => ({ ...each, demand: each.demand + 1 })) })),
        (erp) => ({ ...erp, total: off(erp.total, 1_000) }),
      ),
  ],
  [
    'quantity-differs-in-erp',
    ['written', 'labelled'],
    (views) =>
      withDelivery(views, (delivery) => ({ ...delivery, lines: [...delivery.lines, { lineId: '', sku: 'SOFA', demand: 1, reserved: 1 }] })),
  ],
  [
    'total-off-by-rounding',
    ['written', 'labelled', 'confirmed'],
    (views) => withErp(views, (erp) => ({ ...erp, total: off(erp.total, -1) })),
  ],
  ['total-off-by-tax', ['written', 'confirmed'], (views) => withErp(views, (erp) => ({ ...erp, total: off(erp.total, taxOf(views)) }))],
  ['total-differs', ['written', 'labelled', 'confirmed'], (views) => withErp(views, (erp) => ({ ...erp, total: off(erp.total, 999) }))],
  [
    'shipped-on-another-label',
    ['shipped', 'confirmed'],
    (views) => withDelivery(views, (delivery) => ({ ...delivery, trackingNumbers: ['OTHER'] })),
  ],
  [
    'label-unused',
    ['cancelled'],
    (views) =>
      withCase(views, (given) => {
        const lost = orderAt('labelled', [1])
          .shipments.flatMap(({ labels }) => labels)
          .map((live) => ({ ...live, outcome: 'asked' as const }));
        return { ...given, shipments: given.shipments.map((each, index) => (index === 0 ? { ...each, withdrawn: lost } : each)) };
      }),
  ],
  [
    'label-idle',
    ['labelled'],
    (views) =>
      withCase(views, (given) => ({
        ...given,
        shipments: given.shipments.map((each) => ({
          ...each,
          labels: each.labels.map((live) => ({ ...live, label: { ...live.label, boughtAt: '2026-11-19T08:00:00.000Z' } })),
        })),
      })),
  ],
];

function taxOf({ journal }: OrderViews): number {
  return journal.kind === 'case' ? journal.case.order.lines.reduce((sum, each) => sum + each.tax.minor, 0) : 0;
}

describe('an order', () => {
  test('of which the three sides agree has no difference, however far it has come', () => {
    fc.assert(
      fc.property(anyStage, units, (stage, quantities) => {
        expect(found(agreeing(orderAt(stage, quantities)))).toEqual([]);
      }),
    );
  });

  test.each(drifts)('with the drift %s at %j shows exactly that cause', (cause, at, plant) => {
    fc.assert(
      fc.property(fc.constantFrom(...at), units, (stage, quantities) => {
        expect(causesOf(plant(agreeing(orderAt(stage, quantities))))).toEqual([cause]);
      }),
    );
  });

  test('is not compared while something of it is under way, or changed within the window on any side', () => {
    const young = '2026-11-23T09:50:00.000Z';
    const planted = drifts.flatMap(([, at, plant]) => at.map((stage) => plant(agreeing(orderAt(stage, [2, 1])))));
    const early = planted.flatMap((views) => {
      const { journal, channel } = views;
      const ours =
        journal.kind === 'case'
          ? [
              { ...views, journal: { ...journal, underWay: true } },
              { ...views, journal: { ...journal, changedAt: young } },
            ]
          : [];
      return channel === null || channel === 'absent' ? ours : [...ours, { ...views, channel: { ...channel, updatedAt: young } }];
    });

    expect(compareDrift({ orders: early, levels: [], positions: [] }, policy, now)).toEqual({ differences: [], compared: [] });
  });

  test('of which a side could not be read has the differences of the others alone, and is not taken for settled', () => {
    fc.assert(
      fc.property(anyStage, units, (stage, quantities) => {
        const views = agreeing(orderAt(stage, quantities));
        for (const each of [
          { ...views, channel: null },
          { ...views, erp: null },
        ])
          expect(compareDrift({ orders: [each], levels: [], positions: [] }, policy, now)).toEqual({ differences: [], compared: [] });
      }),
    );
  });

  test('agrees again with the ERP once it was read there again', () => {
    const readable = drifts.flatMap(([, at, plant]) => at.map((stage) => ({ stage, plant })));
    fc.assert(
      fc.property(fc.constantFrom(...readable), units, ({ stage, plant }, quantities) => {
        const views = plant(agreeing(orderAt(stage, quantities)));
        const { journal, erp } = views;
        fc.pre(found(views)[0]?.heal?.kind === 'read-erp-again');
        if (journal.kind !== 'case' || erp === null || erp === 'absent') return;
        const after = newsInErp(journal.case, erp, { at: now, onShortPick: 'ask' }).reduce(
          (given, event) => decide(given, event, now).case,
          journal.case,
        );
        const told = after.shipments
          .filter(({ state }) => state === 'shipped')
          .reduce((given, { id }) => decide(given, { kind: 'confirmed', shipmentId: id }, now).case, after);

        const left = found({ ...agreeing(told), erp }).filter(({ heal }) => heal !== null);
        // Labels that it has withdrawn are being voided: that is an intent under way.
        expect(left.filter(({ cause }) => cause !== 'label-unused')).toEqual([]);
      }),
    );
  });

  test('that is history is nobody’s difference', () => {
    const views = agreeing(orderAt('open', [1]));
    expect(found({ ...views, journal: { kind: 'others' } })).toEqual([]);
  });

  test('is held at most once for what a person did', () => {
    const planted = drifts.flatMap(([, at, plant]) => at.map((stage) => ({ plant, views: agreeing(orderAt(stage, [2])) })));
    const healsOnceHeld = planted.flatMap(({ plant, views }) => {
      const heal = found(plant(views))[0]?.heal;
      if (heal?.kind !== 'hold') return [];
      const hold = { ...heal.hold, placedAt: longAgo, placedBy: 'quartermaster', owner: null, suggestion: null, until: null };
      return found(plant(withCase(views, (given) => ({ ...given, holds: [hold] })))).map((again) => again.heal);
    });

    expect(new Set(healsOnceHeld)).toEqual(new Set([null]));
  });
});

describe('a figure of a channel', () => {
  const level = (shown: number | null, promised: number, set: number | null = promised): LevelViews => ({
    connection: 'shop',
    sku: 'MUG',
    node: 'BER',
    shown,
    promised,
    known: { sku: 'MUG', node: 'BER', available: set, listed: true, state: 'set', changedAt: longAgo },
  });
  const of = (views: LevelViews) => compareDrift({ orders: [], levels: [views], positions: [] }, policy, now).differences;
  const figure = fc.integer({ min: 0, max: 100 });

  test('that is what it may be has no difference; any other is above or below, by as many units', () => {
    fc.assert(
      fc.property(figure, figure, figure, (shown, promised, set) => {
        const [difference] = of(level(shown, promised, set));
        const cause = shown === promised ? undefined : shown > promised ? 'shown-above-promise' : 'shown-below-promise';
        expect([difference?.cause, difference?.units ?? 0]).toEqual([cause, Math.abs(shown - promised)]);
      }),
    );
  });

  test('is somebody’s who edited it when we set another one, and late when it is ours', () => {
    expect([of(level(99, 10, 10))[0]?.blame, of(level(10, 4, 10))[0]?.blame]).toEqual(['person', 'late']);
  });

  test('that vanished is told where we had set one; what was never listed or was refused is told elsewhere', () => {
    const unlisted = level(null, 5);
    const told = (more: object) =>
      of({ ...level(3, 5), known: { sku: 'MUG', node: 'BER', available: 3, listed: true, state: 'set', changedAt: longAgo, ...more } });
    expect([of(unlisted).map(({ cause }) => cause), told({ listed: false }), told({ state: 'refused' })]).toEqual([
      ['unlisted-in-channel'],
      [],
      [],
    ]);
  });
});

test('a position of which more is reserved than lies there is told; a kit has none of its own', () => {
  const causes = (sellable: number, reserved: number, more = {}) =>
    compareDrift(
      { orders: [], levels: [], positions: [position('MUG', 'BER', sellable, { reserved, ...more })] },
      policy,
      now,
    ).differences.map(({ cause }) => cause);
  const kit = [{ sku: 'CUP', units: 2 }];
  expect([causes(5, 5), causes(5, 6), causes(0, 4, { kit })]).toEqual([[], ['over-reserved-in-erp'], []]);
});
