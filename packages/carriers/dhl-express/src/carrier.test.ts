import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { dhlExpressCarrier } from './carrier.ts';
import { dhlExpressTestUrl } from './limits.ts';
import { abroad, account, ada, keys, product, request } from './testing/account.ts';

const asked = { ...request, currency: 'EUR' };

describe('rates', () => {
  test('name parts, weight, day of arrival and the cutoff until which they hold', async () => {
    const { rates, problems } = await account().carrier.rates(asked);
    expect(problems).toEqual([]);
    expect(rates).toEqual([
      {
        service: 'U',
        total: { minor: 2_700, currency: 'EUR' },
        charges: [
          { type: 'shipping', amount: { minor: 2_250, currency: 'EUR' }, vendorCode: null },
          { type: 'fuel-charge', amount: { minor: 450, currency: 'EUR' }, vendorCode: 'FF' },
        ],
        billable: { grams: 1_200, because: 'dimensional' },
        zone: null,
        arrival: { day: '2026-11-26', transitDays: 3, percentiles: null, isGuaranteed: true },
        expiresAt: '2026-11-23T17:00:00.000Z',
        isNegotiated: true,
      },
    ]);
  });

  test('are for goods where the customs are told of some, with what is asked beyond the product', async () => {
    const delivery = { ...abroad.delivery, signature: 'adult', insured: { minor: 40_000, currency: 'EUR' } } as const;
    const { rates } = await account().carrier.rates({ ...abroad, delivery, currency: 'EUR' });
    expect(rates.map(({ service }) => service)).toEqual(['P']);
    expect(rates[0]?.charges.map(({ type, vendorCode }) => [type, vendorCode])).toEqual([
      ['shipping', null],
      ['confirmation', 'SD'],
      ['insurance', 'II'],
      ['duties-and-taxes', 'DD'],
      ['fuel-charge', 'FF'],
    ]);
  });

  test('are without streets and names, which DHL does not need for them', async () => {
    const { carrier, requests } = account();
    await carrier.rates(asked);
    expect(requests[0]?.body).not.toMatch(/Simone|Auguste|Berth|Kai/);
  });

  test('go by our names of the services', async () => {
    const { carrier } = account({ carrier: { serviceMap: { express: 'U' } } });
    expect((await carrier.rates(asked)).rates.map(({ service }) => service)).toEqual(['express']);
    expect((await carrier.buy({ ...request, service: 'express' }, intentMemo())).service).toBe('express');
  });

  test('in another currency are problems', async () => {
    expect(await account().carrier.rates({ ...asked, currency: 'USD' })).toEqual({
      rates: [],
      problems: ['DHL U is priced in EUR, not in USD.'],
    });
  });

  test('that the account has no tariff of are problems', async () => {
    const { carrier } = account({ sandbox: { products: [product({ code: 'U', baseMinor: 0, perHalfKiloMinor: 0 })] } });
    expect(await carrier.rates(asked)).toEqual({ rates: [], problems: ['DHL names no price of U for this account.'] });
  });

  test('for a day that DHL does not take yet are a problem in its words', async () => {
    const { problems } = await account().carrier.rates({ ...asked, shipAt: '2026-12-10T08:00:00.000Z' });
    expect(problems).toEqual(['DHL Express: The planned shipping date is more than 10 days in the future.']);
  });

  test('DHL’s warnings of a success are problems', async () => {
    const answer = { products: [], warnings: ['1001: No product for this account.'] };
    const { carrier } = account({ carrier: { fetch: async () => Response.json(answer) } });
    expect(await carrier.rates(asked)).toEqual({ rates: [], problems: ['1001: No product for this account.'] });
  });

  test('of what was to be handed over before now are for a moment that DHL still takes', async () => {
    const { carrier, requests } = account();
    const { rates } = await carrier.rates({ ...asked, shipAt: '2026-11-20T08:00:00.000Z' });
    expect(rates).toHaveLength(1);
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({ plannedShippingDateAndTime: '2026-11-23T09:10:00 GMT+01:00' });
  });
});

describe('the account', () => {
  test('is good where DHL takes its keys, and told to be the test environment’s where it is', async () => {
    expect(await account().carrier.probe()).toEqual({ account: 'DHL Express 230000001', problems: [] });
    const fetch = async () => Response.json({ address: [] });
    const { problems } = await account({ carrier: { baseUrl: dhlExpressTestUrl, fetch } }).carrier.probe();
    expect(problems).toHaveLength(1);
  });

  test('whose password is wrong is told so, without the password', async () => {
    const { carrier } = account({ carrier: { password: 'wrong-password' } });
    const error: unknown = await carrier.probe().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'unauthorized' });
    expect(JSON.stringify(error)).not.toContain('wrong-password');
  });

  test('has a number of digits', () => {
    const options = { connection: 'dhl', ...keys, currency: 'EUR', zone: 'Europe/Berlin' };
    expect(() => dhlExpressCarrier({ ...options, accountNumber: 'A1B2C3' })).toThrow(RangeError);
  });
});

describe('a bought label', () => {
  test('is not taken back, with the reason, and DHL is not asked', async () => {
    const { carrier, calls } = account();
    const outcome = await carrier.voidLabel({ ref: '5530000011', trackingNumber: '5530000011' }, intentMemo());
    expect([outcome.kind, calls]).toEqual(['refused', []]);
  });

  test('is had again as PDF, also of the month before and of the next', async () => {
    const { carrier, clock } = account();
    const now = await carrier.buy(request, intentMemo('1'));
    const soon = await carrier.buy({ ...request, shipAt: '2026-12-02T08:00:00.000Z' }, intentMemo('2'));
    await clock.sleep(2 * 86_400_000);
    expect((await carrier.documents?.(soon, 'pdf'))?.format).toBe('pdf');
    await clock.sleep(30 * 86_400_000);
    expect((await carrier.documents?.(now, 'pdf'))?.base64).not.toBe('');
  });

  test('is not had again as ZPL, and not at all where DHL keeps none', async () => {
    const { carrier } = account({ sandbox: { keepsWaybills: false } });
    const label = await carrier.buy(request, intentMemo());
    await expect(carrier.documents?.(label, 'zpl')).rejects.toMatchObject({ code: 'unsupported' });
    await expect(carrier.documents?.(label, 'pdf')).rejects.toMatchObject({ code: 'not-found' });
  });

  test('brings a parcel back at our cost', async () => {
    const { carrier, requests } = account();
    const back = { ...request, shipFrom: request.shipTo, shipTo: request.shipFrom, delivery: { ...plainDelivery, isReturn: true } };
    await carrier.buy(back, intentMemo());
    expect(JSON.parse(requests[1]?.body ?? '')).toMatchObject({
      accounts: [
        { typeCode: 'shipper', number: '230000001' },
        { typeCode: 'payer', number: '230000001' },
      ],
    });
  });
});

test('a call of ours names its account, the interface’s version and a reference for DHL’s logs', async () => {
  const headers: Record<string, string>[] = [];
  const { carrier } = account({
    carrier: {
      fetch: async (input, init) => {
        headers.push(Object.fromEntries(new Request(input, init).headers));
        return Response.json({ products: [] });
      },
    },
  });
  await carrier.rates({ ...asked, shipTo: ada });
  expect(headers[0]).toMatchObject({
    authorization: `Basic ${Buffer.from(`${keys.username}:${keys.password}`).toString('base64')}`,
    'x-version': '3.1.0',
    'message-reference': expect.stringMatching(/^[0-9a-f]{32}$/),
    'content-type': 'application/json',
  });
});
