import { intentMemo, sandboxFetch } from '@quartermaster/connector-kit/sandbox';
import { describe, expect, test } from 'vitest';
import { dhlParcelDeCarrier } from './carrier.ts';
import { account, billingNumbers, dock, keys, origin, request, tariff } from './testing/account.ts';

describe('giving a label back', () => {
  test('deletes the shipment; doing it again, also a day later, is told to be done', async () => {
    const { carrier, sandbox, clock } = account();
    const label = await carrier.buy(request, intentMemo());
    expect(await carrier.voidLabel(label, intentMemo('void'))).toEqual({ kind: 'voided' });
    await clock.sleep(26 * 3_600_000);
    expect(await carrier.voidLabel(label, intentMemo('void again'))).toEqual({ kind: 'voided' });
    expect(sandbox.snapshot().labels.map(({ isDeleted }) => isDeleted)).toEqual([true]);
  });

  test('is too late when the day is closed, also weeks later', async () => {
    const { carrier, clock } = account();
    const label = await carrier.buy(request, intentMemo());
    clock.advanceTo('2026-11-23T17:00:01.000Z');
    const refused = { kind: 'refused', reason: 'The shipment has been closed and cannot be deleted.' };
    expect(await carrier.voidLabel(label, intentMemo('void'))).toEqual(refused);
    await clock.sleep(40 * 86_400_000);
    expect(await carrier.voidLabel(label, intentMemo('void'))).toEqual(refused);
  });

  test('is not told to be done when DHL does not tell the manifest of its day any more', async () => {
    const { carrier, clock } = account();
    const label = await carrier.buy(request, intentMemo());
    await clock.sleep(200 * 86_400_000);
    expect(await carrier.voidLabel(label, intentMemo('void'))).toMatchObject({ kind: 'refused' });
  });

  test('is refused when DHL refuses it for another reason and the shipment is still open', async () => {
    const { carrier, sandbox, clock } = account();
    const label = await carrier.buy(request, intentMemo());
    const ofOthers = dhlParcelDeCarrier({
      connection: 'others',
      ...keys,
      profile: 'ANOTHER_GROUP',
      baseUrl: origin,
      billingNumbers,
      tariffs: [tariff()],
      clock,
      fetch: sandboxFetch({ [origin]: sandbox.app }),
    });
    expect(await ofOthers.voidLabel(label, intentMemo('void'))).toEqual({
      kind: 'refused',
      reason: 'The profile is missing or not known.',
    });
  });

  test('of a label that is none of DHL Parcel DE is refused without asking', async () => {
    const { carrier, calls } = account();
    expect(await carrier.voidLabel({ ref: 'shp_1', trackingNumber: '1' }, intentMemo('void'))).toMatchObject({ kind: 'refused' });
    expect(calls).toEqual([]);
  });
});

describe('the manifest of a day', () => {
  const day = '2026-11-23';

  test('takes thirty shipments a call, and is one document', async () => {
    const { carrier, calls } = account();
    const labels = await Promise.all(Array.from({ length: 31 }, (_, at) => carrier.buy(request, intentMemo(`intent-${at}`))));
    const done = await carrier.manifest?.make({ from: dock, day, labels }, intentMemo('manifest'));
    expect([done?.ref, done?.left, done?.document?.format]).toEqual([day, [], 'pdf']);
    expect(calls.filter((call) => call.startsWith('POST') && call.includes('/manifests')).length).toBe(2);
  });

  test('has what was closed before, and says of the rest why it was left', async () => {
    const { carrier } = account();
    const closed = await carrier.buy(request, intentMemo('one'));
    await carrier.manifest?.make({ from: dock, day, labels: [closed] }, intentMemo('manifest-1'));
    const open = await carrier.buy(request, intentMemo('two'));
    const back = await carrier.buy(request, intentMemo('three'));
    await carrier.voidLabel(back, intentMemo('void'));
    const strange = { ref: 'shp_1', trackingNumber: '1' };
    const done = await carrier.manifest?.make({ from: dock, day, labels: [closed, open, back, strange] }, intentMemo('manifest-2'));
    expect(done?.left).toEqual([
      { ref: 'shp_1', reason: 'not a label of DHL Parcel DE' },
      { ref: back.ref, reason: 'The shipment number is not known.' },
    ]);
  });

  test('is found when it is looked for, and absent before', async () => {
    const { carrier } = account();
    const labels = [await carrier.buy(request, intentMemo('one'))];
    const asked = { from: dock, day, labels };
    expect(await carrier.manifest?.find(asked, intentMemo('manifest'))).toEqual({ kind: 'absent' });
    await carrier.manifest?.make(asked, intentMemo('manifest'));
    expect(await carrier.manifest?.find(asked, intentMemo('manifest'))).toMatchObject({ kind: 'found', result: { ref: day, left: [] } });
  });

  test('is that of its day, when it is made again on the next', async () => {
    const { carrier, clock } = account();
    const labels = [await carrier.buy(request, intentMemo('one'))];
    await carrier.manifest?.make({ from: dock, day, labels }, intentMemo('manifest'));
    await clock.sleep(86_400_000);
    expect(await carrier.manifest?.make({ from: dock, day, labels }, intentMemo('manifest'))).toMatchObject({ ref: day, left: [] });
  });

  test('of no shipment is not asked for', async () => {
    const { carrier } = account();
    await expect(carrier.manifest?.make({ from: dock, day, labels: [] }, intentMemo('manifest'))).rejects.toMatchObject({
      code: 'invalid-request',
    });
  });
});

test('a label is had again until its day is closed', async () => {
  const { carrier, sandbox } = account();
  const label = await carrier.buy(request, intentMemo());
  const again = await carrier.documents?.(label, 'zpl');
  expect(Buffer.from(again?.base64 ?? '', 'base64').toString('utf8')).toContain('^XA');
  sandbox.closeDay();
  await expect(carrier.documents?.(label, 'zpl')).rejects.toMatchObject({ code: 'not-found' });
});
