import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { given, ground, request } from './testing/given.ts';

test('a test key is told by the probe, and so is an account that is not there', async () => {
  const { carrier } = given({ apiKey: 'TEST_sandbox-key', options: { carrierIds: ['se-101', 'se-999'] } });
  const { account, problems } = await carrier.probe();
  expect(account).toBe('ShipEngine, test mode: 1 carrier account');
  expect(problems).toEqual([expect.stringContaining('test key'), 'There is no carrier account se-999.']);
});

test('a key for tests keeps to a tenth of the requests: what is above waits', async () => {
  const { carrier, clock, exchanges } = given({ apiKey: 'TEST_sandbox-key' });
  const began = Date.parse(clock.now());
  for (let call = 0; call < 30; call++) await carrier.rates({ ...request(), currency: 'USD' });
  expect(exchanges.filter(({ status }) => status === 429)).toEqual([]);
  expect(Date.parse(clock.now()) - began).toBeGreaterThan(60_000);
});

test('the accounts are asked for once an hour', async () => {
  const { carrier, clock, exchanges } = given();
  const lists = () => exchanges.filter(({ operation }) => operation === 'carriers.list').length;
  await carrier.rates({ ...request(), currency: 'USD' });
  await carrier.rates({ ...request(), currency: 'USD' });
  expect(lists()).toBe(1);
  await clock.sleep(3_600_000);
  await carrier.rates({ ...request(), currency: 'USD' });
  expect(lists()).toBe(2);
});

test('where one carrier does not answer, the others are priced, and it is a problem in words', async () => {
  const ups = { ...ground, carrierId: 'se-202', carrierCode: 'ups', serviceCode: 'ups_ground' };
  const { carrier, sandbox } = given({ tariffs: [ground, ups] });
  sandbox.trouble('partial-rates');
  const { rates, problems } = await carrier.rates({ ...request(), currency: 'USD' });
  expect(rates.map(({ service }) => service)).toEqual(['stamps_com/usps_ground_advantage']);
  expect(problems).toEqual(['The carrier did not answer.']);
});

test('what a delivery asks for is in its price and on its label', async () => {
  const { carrier } = given();
  const delivery = { ...plainDelivery, signature: 'adult', insured: { minor: 10_000, currency: 'USD' } } as const;
  const { rates } = await carrier.rates({ ...request({ delivery }), currency: 'USD' });
  expect(rates[0]?.charges.map(({ type, amount }) => [type, amount.minor])).toEqual([
    ['shipping', 650],
    ['fuel-charge', 65],
    ['insurance', 100],
    ['confirmation', 350],
  ]);
  expect((await carrier.buy(request({ delivery }), intentMemo('intent-1'))).price).toEqual(rates[0]?.total);
});

test('a parcel over a customs border goes with its declaration, and is refused without', async () => {
  const { carrier, sandbox } = given();
  const shipTo = { ...request().shipTo, country: 'GB', postalCode: 'SW1A 1AA', region: null };
  await expect(carrier.buy(request({ shipTo }), intentMemo('intent-1'))).rejects.toMatchObject({
    facts: { vendorCode: 'customs_items_required' },
  });
  const customs = {
    contents: 'merchandise',
    incoterm: 'DAP',
    ifUndeliverable: 'return',
    invoiceNumber: null,
    signer: 'Grace Hopper',
    items: [
      {
        sku: 'MUG',
        description: 'A mug',
        units: 2,
        unitValue: { minor: 1_290, currency: 'USD' },
        unitGrams: 400,
        hsCode: null,
        origin: 'DE',
      },
    ],
    taxIds: [],
  } as const;
  await carrier.buy(request({ shipTo, delivery: { ...plainDelivery, customs } }), intentMemo('intent-2'));
  expect(sandbox.snapshot().labels).toHaveLength(1);
});

test('200 with approved:false is a refusal, except where the label was given back before', async () => {
  const { carrier, sandbox } = given();
  const label = await carrier.buy(request(), intentMemo('intent-1'));
  sandbox.trouble('void-refused');
  expect(await carrier.voidLabel(label, intentMemo('void'))).toEqual({
    kind: 'refused',
    reason: expect.stringContaining('contact_carrier'),
  });
  expect(await carrier.voidLabel(label, intentMemo('void'))).toEqual({ kind: 'voided' });
  expect(await carrier.voidLabel(label, intentMemo('void'))).toEqual({ kind: 'voided' });
  const used = await carrier.buy(request(), intentMemo('intent-2'));
  sandbox.scan(used.trackingNumber, 'accepted');
  expect(await carrier.voidLabel(used, intentMemo('void'))).toEqual({
    kind: 'refused',
    reason: expect.stringContaining('label_already_used'),
  });
});

test('a document comes as bytes in the format that it was bought in, and by its address in the others', async () => {
  const { carrier } = given();
  const label = await carrier.buy(request({ format: 'zpl' }), intentMemo('intent-1'));
  expect(Buffer.from((await carrier.documents?.(label, 'zpl'))?.base64 ?? '', 'base64').toString('latin1')).toMatch(/^\^XA/);
  expect(await carrier.documents?.(label, 'png')).toMatchObject({ base64: null, url: expect.stringMatching(/\.png$/) });
});

test('an address in other letters is valid, one in other words is corrected, and no message shows it', async () => {
  const { carrier } = given();
  expect(await carrier.addressCheck?.(request().shipTo)).toMatchObject({ kind: 'valid', suggested: null, isResidential: true });
  const nowhere = await carrier.addressCheck?.({ ...request().shipTo, postalCode: '00000' });
  expect(nowhere).toEqual({ kind: 'invalid', suggested: null, isResidential: null, messages: ['address not found'] });
  expect(await carrier.addressCheck?.({ ...request().shipTo, country: 'AQ' })).toMatchObject({ kind: 'unsupported' });
});

test('ShipEngine is told its own service by a name of ours', async () => {
  const { carrier, sandbox } = given({ options: { serviceMap: { ground: 'stamps_com/usps_ground_advantage' } } });
  expect((await carrier.rates({ ...request(), currency: 'USD' })).rates.map(({ service }) => service)).toEqual(['ground']);
  const label = await carrier.buy(request({ service: 'ground' }), intentMemo('intent-1'));
  expect(label.service).toBe('ground');
  expect(await carrier.trackingPush?.make(label, intentMemo('push'))).toEqual({ ref: `stamps_com/${label.trackingNumber}`, endsAt: null });
  expect(sandbox.snapshot().labels[0]?.serviceCode).toBe('usps_ground_advantage');
});
