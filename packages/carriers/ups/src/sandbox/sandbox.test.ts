import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { rateDraftOf, shipmentDraftOf } from '../shipment-draft.ts';
import { ada, dock, keys, konrad, request, service } from '../testing/account.ts';
import { createUpsSandbox } from './index.ts';
import { billedPounds } from './tariff.ts';
import { isTrackingNumber, trackingNumberOf } from './tracking-number.ts';

const given = { accountNumber: keys.accountNumber, zone: 'America/New_York' };

async function opened() {
  const clock = virtualClock('2026-11-23T14:00:00.000Z');
  const sandbox = createUpsSandbox({ ...keys, clock, currency: 'USD', services: [service('03', 'US'), service('07')] });
  const basic = Buffer.from(`${keys.clientId}:${keys.clientSecret}`).toString('base64');
  const granted = await sandbox.app(
    new Request('https://ups.test/security/v1/oauth/token', {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: 'grant_type=client_credentials',
    }),
  );
  const { access_token: token }: { access_token: string } = JSON.parse(await granted.text());
  const call = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const common = {
      authorization: `Bearer ${token}`,
      transId: 'a'.repeat(32),
      transactionSrc: 'test',
      'content-type': 'application/json',
    };
    const response = await sandbox.app(
      new Request(`https://ups.test/api${path}`, { method: 'POST', headers: { ...common, ...headers }, body: JSON.stringify(body) }),
    );
    const answer: { response?: { errors: { code: string }[] } } = JSON.parse(await response.text());
    return [response.status, answer.response?.errors[0]?.code ?? null];
  };
  return { clock, sandbox, call };
}

describe('the sandbox of UPS', () => {
  test('wants its token, and a new one after four hours', async () => {
    const { call, clock } = await opened();
    const body = rateDraftOf(request, '03', given);
    expect(await call('/rating/v2409/Rate', body, { authorization: 'Bearer other' })).toEqual([401, '250002']);
    expect(await call('/rating/v2409/Rate', body)).toEqual([200, null]);
    await clock.sleep(4 * 3_600_000);
    expect(await call('/rating/v2409/Rate', body)).toEqual([401, '250003']);
  });

  test('wants a transaction id of 32 characters', async () => {
    const { call } = await opened();
    expect(await call('/rating/v2409/Rate', rateDraftOf(request, '03', given), { transId: 'short' })).toEqual([400, 'VSS002']);
  });

  test.each([
    ['a good one', {}, [200, null]],
    ['another account', { accountNumber: 'ZZZZZZ' }, [400, '120100']],
    ['a destination without its state', { shipTo: { ...ada, region: null } }, [400, '120206']],
    ['a destination abroad without telephone', { service: '07', shipTo: { ...konrad, phone: null } }, [400, '120217']],
    ['a service that does not go there', { service: '03', shipTo: konrad }, [400, '121210']],
    ['no name', { shipTo: { ...ada, name: '' } }, [400, '120002']],
  ])('answers a shipment with %s', async (_, change: Partial<typeof request> & { accountNumber?: string }, answer) => {
    const { call } = await opened();
    const { accountNumber, ...changed } = change;
    const asked = { ...request, ...changed };
    expect(
      await call(
        '/shipments/v2409/ship',
        shipmentDraftOf(asked, asked.service, 'key', { ...given, ...(accountNumber === undefined ? {} : { accountNumber }) }),
      ),
    ).toEqual(answer);
  });

  test('takes references at the parcel within the United States, and at the shipment elsewhere', async () => {
    const { call } = await opened();
    const domestic = JSON.stringify(shipmentDraftOf(request, '03', 'key', given));
    const abroad = JSON.stringify(shipmentDraftOf({ ...request, shipTo: konrad }, '07', 'key', given));
    const moved = (text: string, from: string, to: string) =>
      JSON.parse(text.replaceAll(`"CountryCode":"${from}"`, `"CountryCode":"${to}"`));
    expect(await call('/shipments/v2409/ship', moved(abroad, 'DE', 'US'))).toEqual([400, '120541']);
    expect(await call('/shipments/v2409/ship', moved(domestic, 'US', 'CA'))).toEqual([400, '120542']);
  });

  test('prices a parcel above 150 pounds nowhere', async () => {
    const { call } = await opened();
    const heavy = { ...request, parcel: { ...request.parcel, grams: 68_100 } };
    expect(await call('/rating/v2409/Shoptimeintransit', rateDraftOf(heavy, null, given))).toEqual([400, '111035']);
  });

  test('takes a hundred numbers for a subscription, and no more', async () => {
    const { call } = await opened();
    const numbers = Array.from({ length: 101 }, (_, number) => trackingNumberOf({ account: 'A1B2C3', service: '03', number }));
    const ask = (trackingNumberList: string[]) => call('/track/v2/subscription/standard/package', { locale: 'en_US', trackingNumberList });
    expect([await ask(numbers.slice(1)), await ask(numbers)]).toEqual([
      [200, null],
      [400, 'VSS220'],
    ]);
  });

  test('tells nothing of a parcel after the 14 days of its subscription', async () => {
    const { call, clock, sandbox } = await opened();
    await call('/shipments/v2409/ship', shipmentDraftOf(request, '03', 'key', given));
    const number = sandbox.snapshot().labels[0]?.trackingNumber ?? '';
    await call('/track/v2/subscription/standard/package', { locale: 'en_US', trackingNumberList: [number] });
    sandbox.scan(number, 'accepted');
    await clock.sleep(14 * 86_400_000);
    sandbox.scan(number, 'delivered');
    expect(sandbox.takeWebhooks()).toHaveLength(1);
  });

  test('bills the size of a light parcel: 12 by 12 by 12 inches are 13 pounds', () => {
    expect(billedPounds({ pounds: 2.2, inches: [12, 11.1, 12] })).toBe(13);
  });

  test('gives numbers that check themselves, as those of UPS’s test environment do', () => {
    expect(['1ZCIETST0111111114', '1ZCIETST0422222228', '1ZCIETST0422222229'].map(isTrackingNumber)).toEqual([true, true, false]);
  });

  test('prices the way back as the way out, without the residential surcharge', async () => {
    const { call } = await opened();
    const back = { ...request, shipFrom: ada, shipTo: dock, delivery: { ...plainDelivery, isReturn: true } };
    expect(await call('/rating/v2409/Rate', rateDraftOf(back, '03', given))).toEqual([200, null]);
  });
});
