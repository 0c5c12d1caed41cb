import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { describe, expect, test } from 'vitest';
import { verdictOf } from './address-check.ts';
import { account, dock, simone } from './testing/account.ts';

describe('addresses', () => {
  const check = (change: Partial<typeof simone>) => account().carrier.addressCheck?.({ ...simone, ...change });

  test('are valid by postal code and town, however they are written', async () => {
    expect(await check({ city: 'paris' })).toMatchObject({ kind: 'valid', suggested: null, isResidential: null });
  });

  test('are corrected where DHL has one place of another name', async () => {
    expect(await check({ postalCode: '75002', city: 'Pariss' })).toMatchObject({
      kind: 'corrected',
      suggested: { city: 'PARIS', postalCode: '75002', lines: ['3 Rue Auguste Comte'] },
    });
  });

  test('are ambiguous where there are several', async () => {
    expect((await check({ postalCode: '75999' }))?.kind).toBe('ambiguous');
  });

  test('are invalid where DHL knows none, in its words', async () => {
    expect(await check({ postalCode: '00000', city: 'Atlantis' })).toMatchObject({
      kind: 'invalid',
      messages: ['The location is not found. Please check the address and retry.'],
    });
    expect(verdictOf(simone, [], ['No place.'])).toMatchObject({ kind: 'invalid', messages: [expect.any(String), 'No place.'] });
  });

  test('go to DHL without name and street', async () => {
    const { carrier, requests } = account();
    await carrier.addressCheck?.(simone);
    expect(requests[0]?.url.search).not.toMatch(/Simone|Comte/);
  });
});

describe('pickups', () => {
  const pickup = {
    at: dock,
    from: '2026-11-23T14:00:00.000Z',
    until: '2026-11-23T17:30:00.000Z',
    labels: [
      { ref: '5530000011', trackingNumber: '5530000011' },
      { ref: '5530000022', trackingNumber: '5530000022' },
    ],
    grams: 2_501,
    note: 'Ring twice',
  };

  test('are told in the time of the node, with the weight of all among the parcels', async () => {
    const { carrier, requests, sandbox } = account();
    const booked = await carrier.pickup?.make(pickup, intentMemo());
    expect(booked).toEqual({ ref: 'PRG261123000001', price: null });
    expect(sandbox.snapshot().pickups).toEqual([{ number: 'PRG261123000001', day: '2026-11-23', isCancelled: false }]);
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({
      plannedPickupDateAndTime: '2026-11-23T15:00:00 GMT+01:00',
      closeTime: '18:30',
      shipmentDetails: [
        { shipmentTrackingNumber: '5530000011', packages: [{ weight: 1.251 }] },
        { shipmentTrackingNumber: '5530000022', packages: [{ weight: 1.25 }] },
      ],
    });
  });

  test('whose answer is lost are a person’s, because DHL cannot be asked for them', async () => {
    const { carrier } = account({ faults: (call) => (call === 0 ? 'drop-after' : null) });
    const intent = intentMemo();
    expect(await carrier.pickup?.find(pickup, intent)).toEqual({ kind: 'absent' });
    await expect(carrier.pickup?.make(pickup, intent)).rejects.toMatchObject({ facts: { outcome: 'unknown' } });
    expect(await carrier.pickup?.find(pickup, intent)).toEqual({
      kind: 'cannot-tell',
      check: expect.stringContaining('from 2026-11-23 15:00 on, in Bonn'),
    });
  });

  test('whose answer came are found without asking', async () => {
    const { carrier, calls } = account();
    const intent = intentMemo();
    const booked = await carrier.pickup?.make(pickup, intent);
    expect(await carrier.pickup?.find(pickup, intent)).toEqual({ kind: 'found', result: booked });
    expect(calls).toEqual(['POST /pickups']);
  });

  test('that DHL does not confirm are refused with its warnings', async () => {
    const fetch = async () => Response.json({ dispatchConfirmationNumbers: [], warnings: ['No courier today.'] }, { status: 201 });
    await expect(account({ carrier: { fetch } }).carrier.pickup?.make(pickup, intentMemo())).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('No courier today.'),
    });
  });

  test('want a telephone number at the node', async () => {
    await expect(account().carrier.pickup?.make({ ...pickup, at: { ...dock, phone: null } }, intentMemo())).rejects.toMatchObject({
      code: 'invalid-request',
    });
  });

  test('are called off once, and the second time DHL says so', async () => {
    const { carrier } = account();
    const booked = await carrier.pickup?.make(pickup, intentMemo());
    expect(await carrier.pickup?.cancel(booked?.ref ?? '')).toEqual({ kind: 'voided' });
    expect(await carrier.pickup?.cancel(booked?.ref ?? '')).toEqual({
      kind: 'refused',
      reason: 'Pickup already cancelled or completed',
    });
  });
});
