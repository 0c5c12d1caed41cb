import { money } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { checkPolicySchema } from './check-policy.ts';
import { checkOrder } from './checks.ts';
import { receive } from './decide.ts';
import { after, now, order, person, received, revised, scope } from './testing/samples.ts';
import type { OrderCase } from './order-case.ts';

/** As a marketplace tells an order that it gives away to who accepts it: neither money nor address. */
const unaccepted = order({
  acceptance: 'awaited',
  payment: { status: 'waiting_acceptance', secured: money(0, 'EUR') },
  destination: null,
  addressHash: null,
});

/** Nothing else is known of the order. */
const unrelated = { key: 'k', channel: 'shop', others: [], tags: {} };

function waiting(given = unaccepted): OrderCase {
  const checked = {
    ...unrelated,
    order: given,
    person: { shipTo: null, billTo: null },
    knownSkus: new Set(['MUG', 'LAMP']),
    policy: checkPolicySchema.parse({}),
    now,
  };
  return received(given, checkOrder(checked), { acknowledges: true });
}

test('a new order is acknowledged at once, even when it is held', () => {
  const held = [{ code: 'fraud', reason: 'high' }] as const;
  const decision = receive({ key: 'k', scope, order: order(), holds: held, acknowledges: true, now });
  expect(decision.case).toMatchObject({ state: 'held', acknowledgement: 'asked' });
  expect(decision.commands).toEqual([{ kind: 'acknowledge' }]);
});

test('an order that came cancelled is not acknowledged', () => {
  expect(receive({ key: 'k', scope, order: order({ status: 'cancelled' }), holds: [], acknowledges: true, now }).commands).toEqual([]);
});

test('an order that the channel does not let us acknowledge yet is acknowledged when it does', () => {
  const pending = received(order({ acceptance: 'not-yet' }), [], { acknowledges: true });
  expect(pending.acknowledgement).toBe('due');
  expect(after(pending, { kind: 'revised', order: revised(5), holds: [] }).commands).toEqual([{ kind: 'acknowledge' }]);
});

test('an order that waits for acceptance is held for that alone, and not for the money and address that come after it', () => {
  expect(waiting()).toMatchObject({ state: 'held', acknowledgement: 'due', holds: [{ code: 'acceptance' }] });
});

test('it is accepted when its stock is there', () => {
  const decision = after(waiting(), { kind: 'stock-found' });
  expect(decision.case).toMatchObject({ state: 'held', acknowledgement: 'asked' });
  expect(decision.commands).toEqual([{ kind: 'acknowledge' }]);
});

test('it is not accepted while something else holds it, whatever the stock', () => {
  expect(after(waiting(order({ ...unaccepted, risk: 'high' })), { kind: 'stock-found' }).commands).toEqual([]);
});

test('a person accepts it whatever the stock, and it stays held until the channel says that it may go on', () => {
  const decision = after(waiting(), { kind: 'hold-released', code: 'acceptance', by: 'mia', reason: 'the mugs come tomorrow' });
  expect(decision.case).toMatchObject({ state: 'held', holds: [{ code: 'acceptance' }], acknowledgement: 'asked' });
  expect(decision.commands).toEqual([{ kind: 'acknowledge' }]);
});

test('it becomes workable once the channel has the money and tells the address', () => {
  const accepted = after(waiting(), { kind: 'stock-found' }, { kind: 'acknowledged' }).case;
  const paid = revised(9);
  const holds = checkOrder({
    ...unrelated,
    order: paid,
    person,
    knownSkus: new Set(['MUG', 'LAMP']),
    policy: checkPolicySchema.parse({}),
    now,
  });
  expect(after(accepted, { kind: 'revised', order: paid, holds }).case).toMatchObject({
    state: 'open',
    holds: [],
    acknowledgement: 'done',
  });
});

test('a refused acknowledgement is told to a person, and the order goes on', () => {
  const taken = received(order(), [], { acknowledges: true });
  const decision = after(taken, { kind: 'failed', command: 'acknowledge', shipmentId: null, code: 'refused', message: 'too late' });
  expect(decision.case.state).toBe('open');
  expect(decision.commands).toMatchObject([{ kind: 'raise', code: 'acknowledge-failed' }]);
});

test('nobody hears of an acknowledgement that failed because the order was cancelled meanwhile', () => {
  const taken = received(order(), [], { acknowledges: true });
  const cancelled = after(taken, { kind: 'cancel-requested', by: 'channel' });
  expect(cancelled.commands).toEqual([{ kind: 'drop', shipmentId: null, commands: ['acknowledge'], label: null }]);
  const late = after(cancelled.case, { kind: 'failed', command: 'acknowledge', shipmentId: null, code: 'refused', message: 'cancelled' });
  expect(late.commands).toEqual([]);
});
