import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { address, apiKey, express, faultOf, given, ground, request, type Given } from './testing/given.ts';

const rates = ({ carrier }: Given, more: Parameters<typeof request>[0] = {}, signal?: AbortSignal) =>
  carrier.rates({ ...request(more), currency: 'USD' }, signal);

test('services are offered by rising price, and a carrier that does not take the parcel is a problem beside them', async () => {
  const answer = await rates(
    given({ sandbox: { tariffs: [express, ground, { ...express, carrier: 'dpd_uk', service: 'dpd_uk_next_day', maxGrams: 500 }] } }),
  );
  expect(answer.rates.map(({ service, total, zone }) => [service, total.minor, zone])).toEqual([
    ['usps_ground_advantage', 600, '4'],
    ['ups_ground', 750, '4'],
  ]);
  expect(answer.problems).toEqual(['DPD_UK: dpd_uk_next_day: Package exceeds maximum weight']);
});

test('carriers that take their time are waited for, and those that take longer are a problem', async () => {
  const slow = given({ sandbox: { ratingTakesMs: 4_000 } });
  expect((await rates(slow)).rates).toHaveLength(1);
  expect(slow.clock.now()).toBe('2026-11-23T09:00:04.500Z');
  const slower = await rates(given({ sandbox: { ratingTakesMs: 60_000 } }));
  expect(slower).toEqual({ rates: [], problems: ['Shippo is still asking carriers: more rates may come later.'] });
});

test('only the carrier accounts of the connection are asked', async () => {
  const both = given({ sandbox: { tariffs: [{ ...ground, account: 'account-1' }, express] }, options: { carrierAccounts: ['account-1'] } });
  expect((await rates(both)).rates.map(({ service }) => service)).toEqual(['usps_ground_advantage']);
  const gone = given({ options: { carrierAccounts: ['account-9'] } });
  expect((await faultOf(rates(gone))).facts.message).toBe('carrier_accounts: CarrierAccount with supplied object_id account-9 not found.');
  expect((await gone.carrier.probe()).problems).toEqual(['Carrier account account-9 is not an active one of this account.']);
});

test('a parcel whose sides are not known is not priced, and nothing is asked', async () => {
  const asked = given();
  const answer = await rates(asked, { parcel: { ...request().parcel, millimetres: null } });
  expect([answer, asked.exchanges.length]).toEqual([
    { rates: [], problems: [expect.stringMatching(/^Shippo needs the sides of the parcel/)] },
    0,
  ]);
});

test('a parcel whose sides are not known goes in the usual box, where there is one', async () => {
  const { carrier, sent } = given({ options: { usualBox: [400, 300, 200] } });
  const parcel = { ...request().parcel, millimetres: null };
  await carrier.rates({ ...request({ parcel }), currency: 'USD' });
  await carrier.buy(request({ parcel }), intentMemo());
  const box = { length: '400', width: '300', height: '200', distance_unit: 'mm' };
  expect(sent.filter(({ path }) => path === '/shipments').map(({ body }) => body)).toMatchObject([{ parcels: [box] }, { parcels: [box] }]);
});

test('a key for tests is told of, and asks no more than tests may', async () => {
  const { carrier, clock } = given({ options: { apiKey: 'shippo_test_key' } });
  expect(await carrier.probe()).toEqual({
    account: 'Shippo, test mode',
    problems: ['The key is a test key: labels are samples and move nothing. Use a live key to ship.'],
  });
  for (let nth = 1; nth <= 30; nth++) await carrier.probe();
  expect(Date.parse(clock.now()) - Date.parse('2026-11-23T09:00:00Z')).toBeGreaterThan(170_000);
});

test('a key that is not taken is named as such, without the key', async () => {
  const { code, message } = await faultOf(given({ sandbox: { apiKey: 'shippo_live_other' } }).carrier.probe());
  expect([code, message.includes(apiKey)]).toEqual(['unauthorized', false]);
  expect(message).toBe('shippo account.list: Token does not exist');
});

test('a parcel goes over a customs border with its declaration, and not without', async () => {
  const shipTo = { ...address('Grace Hopper', '2 Quay'), country: 'GB', postalCode: 'E1 6AN' };
  const items = [
    {
      sku: 'MUG',
      description: 'Mug',
      units: 1,
      unitValue: { minor: 1_250, currency: 'USD' },
      unitGrams: 310,
      hsCode: '691110',
      origin: 'US',
    },
  ];
  const terms = {
    contents: 'merchandise',
    incoterm: 'DDP',
    ifUndeliverable: 'return',
    invoiceNumber: null,
    signer: 'Ada',
    items,
    taxIds: [],
  } as const;
  const { carrier } = given();
  const label = await carrier.buy(request({ shipTo, delivery: { ...plainDelivery, customs: terms } }), intentMemo('declared'));
  expect(label.price.minor).toBe(1_900);
  expect((await faultOf(carrier.buy(request({ shipTo }), intentMemo('undeclared')))).facts.message).toMatch(/customs information/);
});

test('nobody whom a shipment names is quoted, whoever signs for the customs included', async () => {
  const shipTo = { ...address('Grace Hopper', '2 Quay'), country: 'GB', postalCode: 'E1 6AN' };
  const terms = {
    contents: 'gift',
    incoterm: 'DDP',
    ifUndeliverable: 'return',
    invoiceNumber: null,
    signer: 'Joan Clarke',
    items: [],
    taxIds: [],
  } as const;
  const { carrier } = given({
    options: {
      fetch: async () => Response.json({ customs_declaration: ['Joan Clarke cannot sign for GRACE HOPPER, 2 Quay.'] }, { status: 400 }),
    },
  });
  const fault = await faultOf(carrier.buy(request({ shipTo, delivery: { ...plainDelivery, customs: terms } }), intentMemo()));
  expect(fault.facts.message).toBe('customs_declaration: ••• cannot sign for •••, •••.');
});

test('a label comes once more as it was made, and in no other format', async () => {
  const { carrier } = given();
  const label = await carrier.buy(request({ format: 'zpl' }), intentMemo());
  expect(await carrier.documents?.(label, 'zpl')).toEqual(label.document);
  const fault = await faultOf(Promise.resolve(carrier.documents?.(label, 'pdf')));
  expect([fault.code, fault.facts.message]).toEqual(['unsupported', 'the label is a zpl and Shippo does not make a pdf of it']);
});

test('a label is given back once: asked again it says how its refund stands', async () => {
  const { carrier, clock, sent } = given();
  const label = await carrier.buy(request(), intentMemo());
  expect(await carrier.voidLabel(label, intentMemo('void'))).toEqual({ kind: 'accepted' });
  expect(await carrier.voidLabel(label, intentMemo('void'))).toEqual({ kind: 'accepted' });
  expect(sent.filter(({ path }) => path === '/refunds')).toHaveLength(1);
  await clock.sleep(15 * 86_400_000);
  expect(await carrier.voidLabel(label, intentMemo('void'))).toEqual({ kind: 'voided' });
});

test('a label that was scanned is not taken back, and may be asked for again', async () => {
  const { carrier, sandbox } = given();
  const label = await carrier.buy(request(), intentMemo());
  sandbox.scan(label.trackingNumber);
  expect((await carrier.voidLabel(label, intentMemo('void'))).kind).toBe('refused');
  expect((await carrier.voidLabel(label, intentMemo('void'))).kind).toBe('refused');
});

test('a label that Shippo does not know cannot be given back', async () => {
  const { carrier } = given();
  expect((await faultOf(carrier.voidLabel({ ref: 'f'.repeat(32), trackingNumber: '1' }, intentMemo('void')))).code).toBe('not-found');
});
