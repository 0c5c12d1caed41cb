import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { purchaseSettlesMs } from './limits.ts';
import { pickupReferenceOf } from './pickup.ts';
import { account, dock, heidi, request } from './testing/account.ts';

const asked = { at: dock, from: '2026-11-23T12:00:00.000Z', until: '2026-11-23T16:30:00.000Z', labels: [], grams: 1_000.4, note: null };

test('a driver is booked for the day and the hours of German clocks, under a reference of its key', async () => {
  const { carrier, bodies, calls } = account();
  const label = await carrier.buy(request, intentMemo());
  await carrier.pickup?.make({ ...asked, labels: [label] }, intentMemo('pickup'));
  expect(JSON.parse(bodies[calls.findIndex((call) => call.includes('/pickup/'))] ?? '')).toMatchObject({
    businessHours: [{ timeFrom: '13:00', timeUntil: '17:30' }],
    pickupDetails: { pickupDate: { value: '2026-11-23' }, totalWeight: { value: 1_001 } },
    shipmentDetails: { shipments: [{ shipmentNo: label.trackingNumber, customerReference: pickupReferenceOf('pickup') }] },
  });
});

test('one that was booked without an answer is found by its reference, and not booked twice', async () => {
  const { carrier, sandbox } = account({
    faults: (_, { method, url }) => (method === 'POST' && url.includes('/pickup/') ? 'drop-after' : null),
  });
  const kept = intentMemo('pickup');
  await expect(carrier.pickup?.make(asked, kept)).rejects.toMatchObject({ facts: { outcome: 'unknown' } });
  const [made] = sandbox.snapshot().pickups;
  expect(await carrier.pickup?.find(asked, kept)).toEqual({ kind: 'found', result: { ref: made?.orderID, price: null } });
});

test('one that did not arrive is waited for, and then absent', async () => {
  const { carrier, clock } = account({
    faults: (_, { method, url }) => (method === 'POST' && url.includes('/pickup/') ? 'drop-before' : null),
  });
  const kept = intentMemo('pickup');
  await expect(carrier.pickup?.make(asked, kept)).rejects.toMatchObject({ facts: { outcome: 'unknown' } });
  expect(await carrier.pickup?.find(asked, kept)).toEqual({ kind: 'pending', afterMs: purchaseSettlesMs });
  await clock.sleep(purchaseSettlesMs);
  expect(await carrier.pickup?.find(asked, kept)).toEqual({ kind: 'absent' });
});

test('one that is called off is off, also when it is said twice; one that nobody knows is refused', async () => {
  const { carrier } = account();
  const kept = intentMemo('pickup');
  const booked = await carrier.pickup?.make(asked, kept);
  expect(await carrier.pickup?.cancel(booked?.ref ?? '')).toEqual({ kind: 'voided' });
  expect(await carrier.pickup?.cancel(booked?.ref ?? '')).toEqual({ kind: 'voided' });
  expect(await carrier.pickup?.find(asked, intentMemo('pickup'))).toEqual({ kind: 'absent' });
  expect(await carrier.pickup?.cancel('0')).toEqual({ kind: 'refused', reason: 'The order is not known.' });
});

test('what DHL refuses of it is told in DHL’s words', async () => {
  const { carrier } = account({ sandbox: { billingNumbers: [] } });
  await expect(carrier.pickup?.make(asked, intentMemo('pickup'))).rejects.toMatchObject({
    facts: { outcome: 'not-applied', message: 'customerDetails.billingNumber: Unknown billingnumber.' },
  });
});

test.each([
  ['abroad', { at: heidi }, 'within Germany alone'],
  ['at a street without a number', { at: { ...dock, lines: ['Hafen'] } }, 'has no house number'],
])('%s nobody is sent', async (_, change, message) => {
  const { carrier, calls } = account();
  await expect(carrier.pickup?.make({ ...asked, ...change }, intentMemo('pickup'))).rejects.toThrow(message);
  expect(calls).toEqual([]);
});

test('without a billing number for it there is none', () => {
  const { pickup } = account({ withoutPickups: true }).carrier;
  expect(pickup).toBeNull();
});
