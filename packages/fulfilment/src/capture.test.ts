import { money, type ChannelOrder } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import type { OrderEvent } from './events.ts';
import type { OrderCase } from './order-case.ts';
import { after, bought, order, releasedAll, revised, shippedAt, sourcedSplit, sourcedWhole, writtenCase } from './testing/samples.ts';

const all = money(3490, 'EUR');
const authorized: Pick<ChannelOrder, 'payment'> = { payment: { status: 'authorized', secured: all, toCapture: all } };
const captured: OrderEvent = { kind: 'captured', amount: all };
const refused: OrderEvent = { kind: 'failed', command: 'capture', shipmentId: null, code: 'refused', message: 'the authorization expired' };

/** Released, its labels asked for. */
function released(sourcing: OrderEvent = sourcedWhole): OrderCase {
  const written = writtenCase(sourcing, order(authorized));
  return after(written, releasedAll(written)).case;
}

/** Its label bought, so that the money is asked for. */
function labelled(): OrderCase {
  return after(released(), bought('1', 'label-1')).case;
}

test('authorized money is taken when the first shipment has its labels, and nothing leaves before it is there', () => {
  const decision = after(released(), bought('1', 'label-1'));
  expect(decision.commands).toEqual([{ kind: 'capture', amount: all }]);
  expect(after(decision.case, captured).commands).toEqual([{ kind: 'ship', shipmentId: '1', revision: 1 }]);
});

test('it is taken once for the whole order, though that leaves in two shipments', () => {
  const first = after(released(sourcedSplit), bought('1', 'a'));
  expect(first.commands).toEqual([{ kind: 'capture', amount: all }]);
  const second = after(first.case, captured, bought('2', 'b'));
  expect(second.commands).toEqual([{ kind: 'ship', shipmentId: '2', revision: 1 }]);
});

test('what was taken already is not taken again: only the authorized rest is', () => {
  const half = { payment: { status: 'partially_paid', secured: all, toCapture: money(1490, 'EUR') } };
  const written = writtenCase(sourcedWhole, order(half));
  expect(after(written, releasedAll(written), bought('1', 'a')).commands).toEqual([{ kind: 'capture', amount: money(1490, 'EUR') }]);
});

test('money that is there already is not taken', () => {
  const written = writtenCase();
  expect(after(written, releasedAll(written), bought('1', 'a')).commands.map(({ kind }) => kind)).toEqual(['ship']);
});

test('a refused capture is told to a person, and the shipment waits', () => {
  const decision = after(labelled(), refused);
  expect(decision.commands).toMatchObject([{ kind: 'raise', code: 'capture-failed' }]);
  expect(decision.case.shipments[0]).toMatchObject({ state: 'labelled', asked: 'labels' });
});

test('money that somebody took in the channel lets the shipment go, and the exception is over', () => {
  const failed = after(labelled(), refused).case;
  const paid = after(failed, { kind: 'revised', order: revised(9), holds: [] });
  expect(paid.commands).toEqual([
    { kind: 'drop', shipmentId: null, commands: ['capture'], label: null },
    { kind: 'resolve', code: 'capture-failed', shipmentId: null },
    { kind: 'ship', shipmentId: '1', revision: 1 },
  ]);
});

test('a held order leaves its money where it is, and asks for it again when it is released', () => {
  const held = after(labelled(), { kind: 'hold-placed', hold: { code: 'manual', reason: 'wait' }, by: 'mia' });
  expect(held.commands).toContainEqual({ kind: 'drop', shipmentId: null, commands: ['capture'], label: null });
  const gone = after(held.case, { kind: 'hold-released', code: 'all', by: 'mia', reason: 'go' });
  expect(gone.commands).toContainEqual({ kind: 'capture', amount: all });
});

test('goods that somebody shipped in the ERP have their money taken then', () => {
  const decision = after(released(), shippedAt('1'));
  expect(decision.commands).toContainEqual({ kind: 'capture', amount: all });
});

test('money that was taken while the order was being cancelled is told to a person', () => {
  const decision = after(labelled(), { kind: 'cancel-requested', by: 'channel' }, captured);
  expect(decision.commands).toMatchObject([{ kind: 'raise', code: 'captured-and-cancelled' }]);
});

test('an order that is cancelled when its money was taken is told to a person, who gives it back', () => {
  const decision = after(labelled(), captured, { kind: 'cancel-requested', by: 'channel' });
  expect(decision.commands).toMatchObject([
    { kind: 'raise', code: 'captured-and-cancelled' },
    { kind: 'drop' },
    { kind: 'void-label' },
    { kind: 'cancel-order' },
  ]);
});

test('a capture that a person gave up holds the order', () => {
  const decision = after(labelled(), refused, { kind: 'given-up', command: 'capture', shipmentId: null, by: 'mia', reason: 'expired' });
  expect(decision.case).toMatchObject({ capture: null, holds: [{ code: 'manual', placedBy: 'mia' }] });
});
