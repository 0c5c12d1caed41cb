import { money } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import type { OrderEvent } from './events.ts';
import type { ReturnFact } from './return-fact.ts';
import { after, bought, line, order, received, releasedCase, revised, shippedAt, sourcedSplit, writtenCase } from './testing/samples.ts';

const cancel: OrderEvent = { kind: 'cancel-requested', by: 'operator', inChannel: { id: 'req-1', reason: 'out-of-stock' } };
const askChannel = { kind: 'cancel-in-channel', request: 'req-1' };

test('an order that the ERP does not have is cancelled here and in the channel at once', () => {
  const decision = after(received(), cancel);
  expect(decision.case).toMatchObject({ state: 'cancelled', cancellations: [{ id: 'req-1', lines: null, state: 'asked' }] });
  expect(decision.commands).toEqual([askChannel]);
});

test('the channel is told only when the ERP has cancelled what it had', () => {
  const asked = after(writtenCase(), cancel);
  expect(asked.commands).not.toContainEqual(askChannel);
  expect(after(asked.case, { kind: 'erp-cancelled' }).commands).toContainEqual(askChannel);
});

test('what has left stays: the channel cancels the rest, once it knows of what left', () => {
  const halfGone = after(releasedCase(sourcedSplit), bought('1', 'a'), shippedAt('1')).case;
  const stopped = after(halfGone, cancel, { kind: 'erp-cancelled' });
  expect(stopped.commands).not.toContainEqual(askChannel);
  const told = after(stopped.case, { kind: 'confirmed', shipmentId: '1' });
  expect(told.commands).toContainEqual(askChannel);
  expect(told.case.cancellations).toMatchObject([{ lines: [{ lineId: 'l2', units: 1, left: 0 }], state: 'asked' }]);
});

test('an order that left entirely after all is not cancelled in the channel', () => {
  const done = after(releasedCase(), bought('1', 'a'), cancel, shippedAt('1'), { kind: 'confirmed', shipmentId: '1' });
  expect(done.case).toMatchObject({ state: 'shipped', cancellations: [] });
});

test('a cancellation that the channel made itself is not asked of it', () => {
  const asked = after(writtenCase(), cancel, { kind: 'revised', order: revised(9, { status: 'cancelled' }), holds: [] });
  expect(after(asked.case, { kind: 'erp-cancelled' }).commands).not.toContainEqual(askChannel);
});

test('an order that somebody cancelled in the ERP is cancelled in the channel by a person', () => {
  const decision = after(writtenCase(), { kind: 'erp-cancelled' }, cancel);
  expect(decision.commands).toEqual([{ kind: 'resolve', code: 'cancelled-in-erp', shipmentId: null }, askChannel]);
});

test('units of a line are cancelled in the channel, and the order waits until it comes without them', () => {
  const asked = after(received(), { kind: 'lines-cancelled', id: 'req-2', lines: [{ lineId: 'l1', units: 1 }], reason: 'customer' });
  expect(asked.commands).toEqual([{ kind: 'cancel-in-channel', request: 'req-2' }]);
  expect(asked.case).toMatchObject({ state: 'held', holds: [{ code: 'manual', reason: 'being cancelled in the channel: 1 of line l1' }] });
  const still = after(asked.case, { kind: 'cancelled-in-channel', id: 'req-2' }, { kind: 'rechecked', holds: [] });
  expect(still.case.state).toBe('held');
  const less = revised(9, { lines: [line('l1', 'MUG', 1), line('l2', 'LAMP', 1)], total: money(2490, 'EUR') });
  expect(after(still.case, { kind: 'revised', order: less, holds: [] }).case).toMatchObject({ state: 'open', holds: [] });
});

test('lines of an order that the ERP has are not cancelled here', () => {
  const decision = after(writtenCase(), { kind: 'lines-cancelled', id: 'req-2', lines: [{ lineId: 'l1', units: 1 }], reason: 'customer' });
  expect(decision.commands).toMatchObject([{ kind: 'raise', code: 'unexpected-event' }]);
});

test('money that goes back from here is not told as given back elsewhere, and what goes back besides is', () => {
  const refund = { lines: [], shipping: null, adjustment: money(500, 'EUR'), reason: 'goodwill' } as const;
  const asked = after(writtenCase(), { kind: 'refund-asked', id: 'r1', amount: money(500, 'EUR'), refund: { ...refund, lines: [] } });
  expect(asked.commands).toEqual([{ kind: 'refund', request: 'r1' }]);
  const paid = (minute: number, minor: number): OrderEvent => ({
    kind: 'revised',
    order: revised(minute, { payment: { status: 'partially_refunded', secured: money(minor, 'EUR') } }),
    holds: [],
  });
  const seen = after(asked.case, { kind: 'refunded', id: 'r1', amount: money(500, 'EUR'), state: 'done' }, paid(9, 2990));
  expect(seen.commands).toEqual([]);
  expect(after(seen.case, paid(10, 2490)).commands).toMatchObject([{ kind: 'raise', code: 'refunded-outside' }]);
});

test('a return is kept as the channel told it last', () => {
  const told: ReturnFact = {
    id: 'back-1',
    revision: 'r1',
    updatedAt: '2026-11-25T10:00:00.000Z',
    state: 'requested',
    lines: [],
    refunded: null,
    trackingNumbers: [],
  };
  const cameBack: ReturnFact = { ...told, revision: 'r2', updatedAt: '2026-11-27T10:00:00.000Z', state: 'received' };
  const kept = after(received(order()), { kind: 'return-told', fact: cameBack }, { kind: 'return-told', fact: told });
  expect(kept.case.returns).toEqual([cameBack]);
  expect(kept.commands).toEqual([]);
});
