import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery, type Address } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { addressDraftOf } from './address-draft.ts';
import { customs, given, request, returnRequest } from './testing/given.ts';

const ada: Address = request().shipTo;

describe('an address', () => {
  test('goes without what is empty, with its lines beyond the first as one', () => {
    expect(
      addressDraftOf(
        { ...ada, email: null, phone: '', company: 'Engine Ltd', lines: ['Insulindelaan 115', ' ', 'Door B', '2nd floor'] },
        'recipient',
      ),
    ).toEqual({
      name: 'Ada Lovelace',
      company_name: 'Engine Ltd',
      address_line_1: 'Insulindelaan 115',
      address_line_2: 'Door B, 2nd floor',
      postal_code: '5611 EM',
      city: 'Eindhoven',
      country_code: 'NL',
    });
  });

  test.each([
    ['CA', 'US', 'US-CA'],
    ['IT-RM', 'IT', 'IT-RM'],
    ['California', 'US', undefined],
    [null, 'US', undefined],
  ])('has its region %s as ISO 3166-2', (region, country, code) => {
    expect(addressDraftOf({ ...ada, region, country }, 'recipient')['state_province_code']).toBe(code);
  });

  test('of a company without a person has the company for a name', () => {
    expect(addressDraftOf({ ...ada, name: ' ', company: 'Engine Ltd' }, 'recipient')['name']).toBe('Engine Ltd');
  });

  test.each<[string, Partial<Address>]>([
    ['name', { name: '' }],
    ['address_line_1', { lines: [] }],
    ['postal_code', { postalCode: '' }],
    ['city', { city: ' ' }],
  ])('without what Sendcloud demands (%s) is refused, before anything is sent or said of it', async (field, more) => {
    const { carrier, exchanges } = given();
    const kept = intentMemo('K1');
    await expect(carrier.buy(request({ shipTo: { ...ada, ...more } }), kept)).rejects.toMatchObject({
      code: 'invalid-request',
      facts: { outcome: 'not-applied', message: `the recipient has no ${field}, which Sendcloud demands` },
    });
    expect([exchanges.map(({ operation }) => operation), kept.refs]).toEqual([['options.list'], {}]);
  });
});

describe('over a customs border', () => {
  const shipTo: Address = { ...ada, country: 'CH', postalCode: '8001', city: 'Zürich' };
  const delivery = { ...plainDelivery, customs };

  test('goods are declared one by one', async () => {
    const { carrier } = given();
    expect((await carrier.buy(request({ shipTo, delivery }), intentMemo('K1'))).trackingNumber).not.toBe('');
  });

  test('goods without papers are refused by Sendcloud', async () => {
    await expect(given().carrier.buy(request({ shipTo }), intentMemo('K1'))).rejects.toMatchObject({ code: 'refused' });
  });

  test.each([{ hsCode: null }, { origin: null }])('goods that are not described in full (%o) are not sent', async (more) => {
    const items = customs.items.map((item) => ({ ...item, ...more }));
    const asks = request({ shipTo, delivery: { ...delivery, customs: { ...customs, items } } });
    await expect(given().carrier.buy(asks, intentMemo('K1'))).rejects.toMatchObject({ code: 'invalid-request' });
  });

  test('goods that come back are declared as such', async () => {
    const asks = returnRequest({ shipFrom: shipTo, delivery: { ...delivery, isReturn: true } });
    expect((await given().carrier.buy(asks, intentMemo('K1'))).price.minor).toBe(1_950);
    const undeclared = returnRequest({ shipFrom: shipTo });
    await expect(given().carrier.buy(undeclared, intentMemo('K1'))).rejects.toMatchObject({ code: 'refused' });
  });
});

test('a region is demanded where Sendcloud demands one', async () => {
  const lanes = [{ from: '*', to: '*', baseMinor: 900, perKgMinor: 0, leadHours: 72 }];
  const { carrier } = given({ options: [{ code: 'postnl:standard', contractId: 1, maxGrams: 30_000, lanes }] });
  const roman: Address = { ...ada, country: 'IT', postalCode: '00144', city: 'Roma' };
  await expect(carrier.buy(request({ shipTo: roman }), intentMemo('K1'))).rejects.toMatchObject({ code: 'refused' });
  expect((await carrier.buy(request({ shipTo: { ...roman, region: 'RM' } }), intentMemo('K2'))).trackingNumber).not.toBe('');
});
