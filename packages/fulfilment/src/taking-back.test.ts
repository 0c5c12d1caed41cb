import { expect, test } from 'vitest';
import { decide } from './decide.ts';
import type { OrderEvent } from './events.ts';
import { openLines } from './order-case.ts';
import {
  after,
  bought,
  delivery,
  draft,
  labelledCase,
  lamp,
  mugs,
  now,
  received,
  releasedCase,
  shippedAt,
  sourcedWhole,
  writtenCase,
  writtenFor,
} from './testing/samples.ts';

const takenBack = (more: Partial<Extract<OrderEvent, { kind: 'unsourced' }>> = {}): OrderEvent => ({
  kind: 'unsourced',
  shipmentId: '1',
  lineIds: null,
  why: 'short-pick',
  by: 'mia',
  avoid: true,
  parcels: null,
  ...more,
});
const fromHamburg: OrderEvent = { kind: 'sourced', decisionId: 'd2', shipments: [draft('HAM', [mugs, lamp])] };
const kinds = (commands: readonly { readonly kind: string }[]) => commands.map(({ kind }) => kind);

test('a shipment that its node cannot ship goes back to sourcing, and the node may not have its lines again', () => {
  const { case: given, commands } = decide(writtenCase(), takenBack(), now);

  expect(given.shipments[0]).toMatchObject({ state: 'stopping', asked: 'take-back' });
  expect(openLines(given)).toEqual([mugs, lamp]);
  expect(given.avoids.map(({ lineId, node }) => [lineId, node])).toEqual([
    ['l1', 'BER'],
    ['l2', 'BER'],
  ]);
  expect(kinds(commands)).toEqual(['deallocate']);
});

test('a line that was short leaves its shipment, and the rest goes on from the same node', () => {
  const { case: given } = decide(writtenCase(), takenBack({ lineIds: ['l2'] }), now);

  expect(given.shipments.map(({ id, state, lines, node }) => ({ id, state, node, lines }))).toEqual([
    { id: '1', state: 'written', node: 'BER', lines: [mugs] },
    { id: '1.1', state: 'stopping', node: 'BER', lines: [lamp] },
  ]);
  expect(given.shipments[0]?.parcels.flatMap(({ items }) => items)).toEqual([mugs]);
  expect(openLines(given)).toEqual([lamp]);
});

test('another node is asked for the lines only when the ERP has taken them back from the first', () => {
  const waiting = after(writtenCase(), takenBack(), fromHamburg);
  const freed = decide(waiting.case, { kind: 'deallocated', shipmentId: '1' }, now);

  expect(kinds(waiting.commands)).toEqual([]);
  expect(freed.commands).toEqual([{ kind: 'allocate', shipmentId: '2' }]);
  expect(freed.case.shipments.map(({ state }) => state)).toEqual(['stopped', 'planned']);
});

test('what has its label is never taken back', () => {
  const given = labelledCase();

  expect(decide(given, takenBack(), now)).toMatchObject({ case: given, commands: [] });
});

test('nothing is taken back while nobody knows what the ERP has of the order', () => {
  const committed = after(received(), sourcedWhole).case;

  expect(decide(committed, takenBack(), now)).toMatchObject({ case: committed, commands: [] });
});

test('a label that was under way when its shipment was taken back is given back', () => {
  const { case: given, commands } = after(releasedCase(), takenBack(), bought('1', 'label-1'));

  expect(given.shipments[0]).toMatchObject({ state: 'stopping', labels: [] });
  expect(kinds(commands)).toEqual(['void-label']);
});

test('what stays of a shipment whose labels were asked for gets them under the next revision', () => {
  const { case: given, commands } = after(releasedCase(), takenBack({ lineIds: ['l2'] }));

  expect(given.shipments[0]).toMatchObject({ revision: 2, asked: 'labels', lines: [mugs] });
  expect(commands).toContainEqual({ kind: 'buy-label', shipmentId: '1', revision: 2, parcel: 1 });
});

test('goods that left although they were taken back count, and what was planned in their place is stopped', () => {
  const { case: given, commands } = after(writtenCase(), takenBack(), fromHamburg, shippedAt('1'));

  expect(given.shipments.map(({ node, state }) => [node, state])).toEqual([
    ['BER', 'shipped'],
    ['HAM', 'stopped'],
  ]);
  expect(openLines(given)).toEqual([]);
  expect(commands).toContainEqual(expect.objectContaining({ kind: 'raise', code: 'left-after-take-back' }));
});

test('goods that left twice are counted once, and a person is told', () => {
  const inHamburg = after(writtenCase(), takenBack(), fromHamburg, { kind: 'deallocated', shipmentId: '1' }).case;
  const [, second] = inHamburg.shipments;
  if (second === undefined) throw new Error('nothing was planned in Hamburg');
  const left = after(inHamburg, { kind: 'allocated', shipmentId: '2', delivery: delivery(second) }, shippedAt('2')).case;

  const { case: given, commands } = decide(left, shippedAt('1'), now);

  expect(given).toEqual(left);
  expect(commands).toContainEqual(expect.objectContaining({ kind: 'raise', code: 'unexpected-event' }));
});

test('an allocation that was under way when its lines were taken back is taken back, too', () => {
  const waits = after(received(), { kind: 'sourced', decisionId: 'd1', shipments: [] }).case;
  const planned = after(waits, writtenFor(waits), { ...fromHamburg, decisionId: 'd2' }).case;
  const taken = decide(planned, takenBack(), now);
  const [shipment] = taken.case.shipments;
  if (shipment === undefined) throw new Error('nothing was planned');

  const { case: given, commands } = decide(taken.case, { kind: 'allocated', shipmentId: '1', delivery: delivery(shipment) }, now);

  expect(kinds(taken.commands)).toEqual(['drop', 'deallocate']);
  expect(given.shipments[0]).toMatchObject({ state: 'stopping', delivery: { ref: 'out-1' } });
  expect(commands).toEqual([]);
});

test('a taking back that a person gave up holds the order, and is asked for anew when the hold is released', () => {
  const failed: OrderEvent = { kind: 'failed', command: 'deallocate', shipmentId: '1', code: 'refused', message: 'it is locked' };
  const held = after(writtenCase(), takenBack(), failed, {
    kind: 'given-up',
    command: 'deallocate',
    shipmentId: '1',
    by: 'mia',
    reason: 'later',
  });

  const { commands } = decide(held.case, { kind: 'hold-released', code: 'all', by: 'mia', reason: 'now' }, now);

  expect(held.case.holds.map(({ code }) => code)).toEqual(['manual']);
  expect(commands).toContainEqual({ kind: 'deallocate', shipmentId: '1' });
});

test('an order that is cancelled while lines of it are taken back just ends', () => {
  const { case: given, commands } = after(writtenCase(), takenBack(), { kind: 'cancel-requested', by: 'channel' });

  expect(given.state).toBe('cancelling');
  expect(commands).toContainEqual(expect.objectContaining({ kind: 'drop', commands: expect.arrayContaining(['deallocate']) }));
  expect(after(given, { kind: 'erp-cancelled' }).case).toMatchObject({ state: 'cancelled', shipments: [{ state: 'stopped' }] });
});

test('a plan that would give a line back to the node that could not ship it is left aside', () => {
  const taken = after(writtenCase(), takenBack()).case;

  expect(after(taken, { kind: 'sourced', decisionId: 'd2', shipments: [draft('BER', [mugs])] }).case).toEqual(taken);
});
