import { expect, test } from 'vitest';
import { decide } from './decide.ts';
import { orderCaseSchema } from './order-case.ts';
import {
  after,
  bought,
  delivery,
  draft,
  labelledCase,
  line,
  lamp,
  mugs,
  now,
  order,
  received,
  releasedAll,
  releasedCase,
  shippedAt,
  sourcedSplit,
  sourcedWhole,
  writtenCase,
  writtenFor,
} from './testing/samples.ts';

test('an order that no check holds is open', () => {
  expect(received().state).toBe('open');
});

test('an order with a hold is held, and the hold keeps its time', () => {
  const held = received(order(), [{ code: 'payment', reason: 'nothing secured' }]);
  expect(held.state).toBe('held');
  expect(held.holds).toEqual([
    { code: 'payment', reason: 'nothing secured', placedAt: now, placedBy: null, owner: null, until: null, suggestion: null },
  ]);
});

test('an order that comes cancelled is cancelled and nobody is asked for anything', () => {
  expect(received(order({ status: 'cancelled' })).state).toBe('cancelled');
});

test('a sourced order is written into the ERP', () => {
  const decision = after(received(), sourcedWhole);
  expect(decision.case.state).toBe('committed');
  expect(decision.commands).toEqual([{ kind: 'write-order' }]);
});

test('an order for which nothing was found goes to the ERP too, to wait there', () => {
  const decision = after(received(), { kind: 'sourced', decisionId: 'd1', shipments: [] });
  expect(decision.commands).toEqual([{ kind: 'write-order' }]);
  expect(decision.case.shipments).toEqual([]);
});

test('lines that waited are allocated when they are sourced later', () => {
  const written = writtenCase({ kind: 'sourced', decisionId: 'd1', shipments: [draft('BER', [mugs])] });
  const decision = after(written, { kind: 'sourced', decisionId: 'd2', shipments: [draft('HAM', [lamp])] });
  expect(decision.commands).toEqual([{ kind: 'allocate', shipmentId: '2' }]);
});

test('an allocation decided while the order is being written is asked for after the write', () => {
  const committed = after(received(), { kind: 'sourced', decisionId: 'd1', shipments: [draft('BER', [mugs])] }).case;
  const early = after(committed, { kind: 'sourced', decisionId: 'd2', shipments: [draft('HAM', [lamp])] });
  expect(early.commands).toEqual([]);
  expect(after(early.case, writtenFor(committed)).commands).toEqual([{ kind: 'allocate', shipmentId: '2' }]);
});

test('a plan for units that are in a shipment already is left aside', () => {
  const committed = after(received(), sourcedWhole).case;
  const decision = after(committed, { kind: 'sourced', decisionId: 'd2', shipments: [draft('HAM', [lamp])] });
  expect(decision.case).toEqual(committed);
  expect(decision.reasons).toEqual(['decision d2 is left aside: line l2 is not open']);
});

test('a plan that gives the same units to two nodes is left aside whole', () => {
  const decision = after(received(), { kind: 'sourced', decisionId: 'd1', shipments: [draft('BER', [mugs, lamp]), draft('HAM', [lamp])] });
  expect(decision.case).toEqual(received());
  expect(decision.reasons).toEqual(['decision d1 is left aside: line l2 has 0 units open, not 1']);
});

test('labels are bought only when the wave has come', () => {
  const written = writtenCase();
  expect(after(written, releasedAll(written)).commands).toEqual([{ kind: 'buy-label', shipmentId: '1', revision: 1, parcel: 1 }]);
});

test('a wave that comes before the ERP has answered buys the labels with the answer', () => {
  const committed = after(received(), sourcedWhole).case;
  const released = after(committed, releasedAll(committed));
  expect(released.commands).toEqual([]);
  expect(after(released.case, writtenFor(committed)).commands).toEqual([{ kind: 'buy-label', shipmentId: '1', revision: 1, parcel: 1 }]);
});

test('a shipment is shipped when its last parcel has a label', () => {
  const twoParcels = draft('BER', [mugs, lamp], {
    parcels: [
      { number: 1, grams: 500, millimetres: null, items: [mugs] },
      { number: 2, grams: 500, millimetres: null, items: [lamp] },
    ],
  });
  const released = releasedCase({ kind: 'sourced', decisionId: 'd1', shipments: [twoParcels] });
  const first = after(released, bought('1', 'label-2', { parcel: 2 }));
  expect(first.commands).toEqual([]);
  const second = after(first.case, bought('1', 'label-1', { parcel: 1 }));
  expect(second.commands).toEqual([{ kind: 'ship', shipmentId: '1', revision: 1 }]);
  expect(second.case.shipments[0]?.state).toBe('labelled');
});

test('the channel is told when the ERP has shipped', () => {
  const decision = after(labelledCase(), shippedAt('1'));
  expect(decision.commands).toEqual([{ kind: 'confirm', shipmentId: '1' }]);
  expect(decision.case.shipments[0]).toMatchObject({ state: 'shipped', shippedAt: '2026-11-20T15:00:00.000Z' });
});

test('an order is shipped when all its shipments have left and the channel knows', () => {
  const done = after(labelledCase(), shippedAt('1'), { kind: 'confirmed', shipmentId: '1' });
  expect(done.case.state).toBe('shipped');
});

test('an order with lines that wait is not shipped when its shipment is', () => {
  const released = releasedCase({ kind: 'sourced', decisionId: 'd1', shipments: [draft('BER', [mugs])] });
  const done = after(released, bought('1', 'a'), shippedAt('1'), { kind: 'confirmed', shipmentId: '1' });
  expect(done.case.state).toBe('committed');
});

test('lines without stock do not keep an order from being shipped', () => {
  const gift = order({ lines: [...order().lines, line('l3', 'WRAP', 1, { kind: 'non-stock' })] });
  const written = writtenCase(sourcedWhole, gift);
  const done = after(written, releasedAll(written), bought('1', 'a'), shippedAt('1'), { kind: 'confirmed', shipmentId: '1' });
  expect(done.case.state).toBe('shipped');
});

test('a short reservation is raised, and its label is not bought', () => {
  const committed = after(received(), sourcedWhole).case;
  const short = after(committed, releasedAll(committed), writtenFor(committed, 1));
  expect(short.commands).toEqual([
    { kind: 'raise', code: 'short-reservation', shipmentId: '1', reason: 'BER reserved only 1 of 2 MUG for shipment 1' },
  ]);
});

test('a shipment whose reservation has become whole goes on', () => {
  const committed = after(received(), sourcedWhole).case;
  const short = after(committed, releasedAll(committed), writtenFor(committed, 1)).case;
  expect(after(short, writtenFor(short)).commands).toEqual([
    { kind: 'resolve', code: 'short-reservation', shipmentId: '1' },
    { kind: 'buy-label', shipmentId: '1', revision: 1, parcel: 1 },
  ]);
});

test('a shipment whose delivery the ERP does not show is told to a person until it does', () => {
  const committed = after(received(), sourcedSplit).case;
  const answer = { kind: 'written', erp: { ref: '77', name: 'S00077' } } as const;
  const missing = after(committed, { ...answer, deliveries: committed.shipments.slice(0, 1).map((shipment) => delivery(shipment)) });
  expect(missing.commands).toEqual([
    { kind: 'raise', code: 'delivery-missing', shipmentId: '2', reason: 'the ERP shows no delivery of HAM for shipment 2' },
  ]);
  expect(after(missing.case, writtenFor(committed)).commands).toEqual([{ kind: 'resolve', code: 'delivery-missing', shipmentId: '2' }]);
});

test('a failed command is raised once and resolved by its success', () => {
  const failure = { kind: 'failed', command: 'ship', shipmentId: '1', code: 'refused', message: 'the delivery is locked' } as const;
  const once = after(labelledCase(), failure);
  expect(once.commands).toEqual([
    { kind: 'raise', code: 'ship-failed', shipmentId: '1', reason: 'ship failed for shipment 1 (refused): the delivery is locked' },
  ]);
  expect(decide(once.case, failure, now).commands).toEqual([]);
  expect(after(once.case, shippedAt('1')).commands).toContainEqual({ kind: 'resolve', code: 'ship-failed', shipmentId: '1' });
});

test('what cannot be is told to a person and changes nothing', () => {
  const open = received();
  const decision = after(open, { kind: 'confirmed', shipmentId: '1' });
  expect(decision.case).toEqual(open);
  expect(decision.commands).toMatchObject([{ kind: 'raise', code: 'unexpected-event' }]);
});

test('a case survives being stored as JSON', () => {
  const stored: unknown = JSON.parse(JSON.stringify(labelledCase()));
  expect(orderCaseSchema.parse(stored)).toEqual(labelledCase());
});

test('each delivery goes to the shipment of its node', () => {
  const [first, second] = writtenCase(sourcedSplit).shipments;
  expect([first?.delivery?.ref, second?.delivery?.ref]).toEqual(['out-1', 'out-2']);
});
