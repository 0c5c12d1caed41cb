import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { isFault, type PickupRequest } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { purchaseSettlesMs } from './limits.ts';
import { pickupDraftOf } from './pickup.ts';
import { account, ada, dock, request, zone } from './testing/account.ts';

const pickup: PickupRequest = {
  at: dock,
  from: '2026-11-24T15:00:00.000Z',
  until: '2026-11-24T22:00:00.000Z',
  labels: [{ ref: '9305', trackingNumber: '9305' }],
  grams: 1_000,
  note: null,
};

describe('a pickup', () => {
  test('is asked for on the day at the node, with whom to write to', () =>
    expect(pickupDraftOf({ ...pickup, note: 'Ring twice' }, zone)).toEqual({
      pickupDate: '2026-11-24',
      pickupAddress: {
        firstName: 'Berth',
        lastName: 'Seven',
        firm: 'Quartermaster',
        address: { streetAddress: '1 Dock Road', city: 'Chicago', state: 'IL', ZIPCode: '60601' },
        contact: [{ email: 'dock@example.com' }],
      },
      packages: [{ packageType: 'OTHER', packageCount: 1 }],
      estimatedWeight: 2.2047,
      pickupLocation: { packageLocation: 'OTHER', specialInstructions: 'Ring twice' },
    }));

  test('of nobody to write to is not asked for', () => {
    expect(() => pickupDraftOf({ ...pickup, at: { ...dock, email: null } }, zone)).toThrow(/e-mail/);
    expect(() => pickupDraftOf({ ...pickup, at: { ...dock, country: 'DE' } }, zone)).toThrow(/United States/);
  });

  test('that was not answered is asked for again when it is settled, and is booked then', async () => {
    const { carrier, clock, sandbox } = account({ faults: (call) => (call === 1 ? 'drop-before' : null) });
    const saved = intentMemo('pickup');
    await expect(carrier.pickup?.make(pickup, saved)).rejects.toThrow();
    expect(await carrier.pickup?.find(pickup, saved)).toMatchObject({ kind: 'pending' });
    await clock.sleep(purchaseSettlesMs);
    expect(await carrier.pickup?.find(pickup, saved)).toMatchObject({ kind: 'found', result: { ref: 'WTC00000001', price: null } });
    expect(sandbox.snapshot().pickups).toHaveLength(1);
  });

  test('that was booked and not answered is for a person, for USPS does not tell its number', async () => {
    const { carrier, clock, sandbox } = account({ faults: (call) => (call === 1 ? 'drop-after' : null) });
    const saved = intentMemo('pickup');
    await expect(carrier.pickup?.make(pickup, saved)).rejects.toThrow();
    await clock.sleep(purchaseSettlesMs);
    expect(await carrier.pickup?.find(pickup, saved)).toMatchObject({ kind: 'cannot-tell', check: expect.stringContaining('2026-11-24') });
    expect(sandbox.snapshot().pickups).toHaveLength(1);
  });

  test('that was never asked for is absent', async () =>
    expect(await account().carrier.pickup?.find(pickup, intentMemo())).toEqual({ kind: 'absent' }));

  test('on a Sunday, or of today after two in the morning, is refused', async () => {
    const { carrier, clock } = account();
    await expect(carrier.pickup?.make({ ...pickup, from: '2026-11-29T15:00:00.000Z' }, intentMemo())).rejects.toThrow(/requested day/);
    await clock.sleep(3 * 3_600_000);
    await expect(carrier.pickup?.make({ ...pickup, from: '2026-11-23T15:00:00.000Z' }, intentMemo())).rejects.toThrow(/requested day/);
  });

  test('is called off by the tag of how it stands, and only once', async () => {
    const { carrier, calls } = account();
    const booked = await carrier.pickup?.make(pickup, intentMemo());
    expect(await carrier.pickup?.cancel(booked?.ref ?? '')).toEqual({ kind: 'voided' });
    expect(calls.at(-1)?.headers['if-match']).toMatch(/^"WTC00000001/);
    expect(await carrier.pickup?.cancel(booked?.ref ?? '')).toMatchObject({ kind: 'refused' });
  });
});

describe('a SCAN form', () => {
  const day = '2026-11-23';

  test('takes the labels of a day over, and has a document', async () => {
    const { carrier } = account();
    const labels = [await carrier.buy(request, intentMemo('intent-1')), await carrier.buy(request, intentMemo('intent-2'))];
    const form = await carrier.manifest?.make({ from: dock, day, labels }, intentMemo('manifest'));
    expect(form).toMatchObject({ document: { format: 'pdf' }, left: [] });
    expect(form?.ref).toMatch(/^9475/);
  });

  test('that was made and not answered is found by its number, without its picture', async () => {
    const given = { drop: false };
    const { carrier } = account({ faults: (_, { url }) => (given.drop && url.endsWith('/scan-form') ? 'drop-after' : null) });
    const labels = [await carrier.buy(request, intentMemo('intent-1'))];
    const saved = intentMemo('manifest');
    given.drop = true;
    await expect(carrier.manifest?.make({ from: dock, day, labels }, saved)).rejects.toThrow();
    given.drop = false;
    expect(await carrier.manifest?.make({ from: dock, day, labels }, saved)).toEqual({
      ref: expect.stringMatching(/^9475/),
      document: null,
      left: [],
    });
  });

  test('does not take labels of another form for its own', async () => {
    const { carrier } = account();
    const labels = [await carrier.buy(request, intentMemo('intent-1')), await carrier.buy(request, intentMemo('intent-2'))];
    await carrier.manifest?.make({ from: dock, day, labels: labels.slice(0, 1) }, intentMemo('manifest-1'));
    const saved = intentMemo('manifest-2');
    const error: unknown = await carrier.manifest?.make({ from: dock, day, labels }, saved).catch((thrown: unknown) => thrown);
    expect(isFault(error) && [error.facts.vendorCode, error.facts.outcome]).toEqual(['160040', 'not-applied']);
    expect(await carrier.manifest?.find({ from: dock, day, labels }, saved)).toEqual({ kind: 'absent' });
  });

  test('of no labels, or from abroad, is not asked for', async () => {
    const { carrier, calls } = account();
    await expect(carrier.manifest?.make({ from: dock, day, labels: [] }, intentMemo())).rejects.toThrow(/1 to 40000/);
    await expect(carrier.manifest?.make({ from: { ...ada, country: 'DE' }, day, labels: [] }, intentMemo())).rejects.toThrow(
      /United States/,
    );
    expect(calls).toEqual([]);
  });
});
