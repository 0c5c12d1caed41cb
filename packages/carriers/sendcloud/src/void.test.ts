import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { given, request, returnRequest } from './testing/given.ts';

const day = 86_400_000;

test('a cancellation that Sendcloud queues is accepted, also when it is asked for again', async () => {
  const { carrier, sandbox } = given();
  const label = await carrier.buy(request(), intentMemo('K1'));
  sandbox.trouble('cancel-queued');
  expect(await carrier.voidLabel(label, intentMemo('V1'))).toEqual({ kind: 'accepted' });
  expect(await carrier.voidLabel(label, intentMemo('V1'))).toEqual({ kind: 'accepted' });
});

test('what was cancelled before is voided, although Sendcloud answers 409', async () => {
  const { carrier, exchanges } = given();
  const label = await carrier.buy(request(), intentMemo('K1'));
  await carrier.voidLabel(label, intentMemo('V1'));
  expect(await carrier.voidLabel(label, intentMemo('V2'))).toEqual({ kind: 'voided' });
  expect(exchanges.filter(({ operation }) => operation === 'label.void').map(({ status }) => status)).toEqual([200, 409]);
});

test('a label is taken back for 42 days and no longer', async () => {
  const { carrier, clock } = given();
  const [one, other] = [await carrier.buy(request(), intentMemo('K1')), await carrier.buy(request(), intentMemo('K2'))];
  await clock.sleep(42 * day);
  expect((await carrier.voidLabel(one, intentMemo('V1'))).kind).toBe('voided');
  await clock.sleep(day);
  expect(await carrier.voidLabel(other, intentMemo('V2'))).toEqual({
    kind: 'refused',
    reason: 'This shipment is too old to be cancelled.',
  });
});

test('a parcel that is on its way stays bought, with the reason', async () => {
  const { carrier, sandbox } = given();
  const label = await carrier.buy(request(), intentMemo('K1'));
  sandbox.scan(label.trackingNumber, 'accepted');
  expect(await carrier.voidLabel(label, intentMemo('V1'))).toEqual({
    kind: 'refused',
    reason: 'This shipment cannot be cancelled any more.',
  });
});

test('a return is cancelled in Sendcloud’s own time, once however often it is asked for', async () => {
  const { carrier, sandbox } = given();
  const label = await carrier.buy(returnRequest(), intentMemo('K1'));
  expect(await carrier.voidLabel(label, intentMemo('V1'))).toEqual({ kind: 'accepted' });
  expect(await carrier.voidLabel(label, intentMemo('V1'))).toEqual({ kind: 'accepted' });
  expect(sandbox.snapshot().labels).toMatchObject([{ isReturn: true, isCancelled: true }]);
});

test('a return that Sendcloud does not cancel stays a label', async () => {
  const { carrier, sandbox } = given();
  const label = await carrier.buy(returnRequest(), intentMemo('K1'));
  sandbox.trouble('cancel-refused');
  expect(await carrier.voidLabel(label, intentMemo('V1'))).toEqual({ kind: 'refused', reason: 'Return is not cancellable.' });
});

test.each(['00000000-0000-4000-8000-000000000000', 'return/1/2'])('a label that Sendcloud does not know (%s) is refused', async (ref) => {
  expect((await given().carrier.voidLabel({ ref, trackingNumber: 'X' }, intentMemo('V1'))).kind).toBe('refused');
});
