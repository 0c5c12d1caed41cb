import { intentMemo, sandboxFetch, virtualClock, withFaults, type FaultPlan } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery, type Address, type Customs, type LabelRequest } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { easypostCarrier, type EasyPostOptions } from './index.ts';
import { createEasyPostSandbox, type EasyPostSandboxOptions } from './sandbox/index.ts';

const origin = 'https://easypost.test';
const apiKey = 'EZTK-sandbox-key';

function address(name: string, country = 'US', street = '417 Montgomery Street'): Address {
  return {
    name,
    company: null,
    lines: [street],
    postalCode: '94104',
    city: 'San Francisco',
    region: 'CA',
    country,
    phone: null,
    email: null,
  };
}

const request: LabelRequest = {
  shipFrom: address('Warehouse West'),
  shipTo: address('Ada Lovelace'),
  parcel: { number: 1, grams: 1_000, millimetres: [300, 200, 100], items: [{ lineId: '1', sku: 'A', units: 1 }] },
  service: 'USPS/Ground',
  format: 'png',
  shipAt: '2026-11-21T10:00:00.000Z',
  reference: 'SO1001',
  delivery: plainDelivery,
  priceLimit: null,
};

const customs: Customs = {
  contents: 'merchandise',
  incoterm: 'DAP',
  ifUndeliverable: 'return',
  invoiceNumber: 'INV-7',
  signer: 'Grace Hopper',
  items: [
    {
      sku: 'A',
      description: 'Mug',
      units: 3,
      unitValue: { minor: 1_290, currency: 'USD' },
      unitGrams: 300,
      hsCode: '691110',
      origin: 'DE',
    },
  ],
  taxIds: [{ of: 'sender', type: 'IOSS', value: 'IM0000000000', country: 'IE' }],
};

function world(given: { sandbox?: Partial<EasyPostSandboxOptions>; options?: Partial<EasyPostOptions>; faults?: FaultPlan } = {}) {
  const clock = virtualClock('2026-11-21T12:00:00.000Z');
  const lanes = [{ from: '*', to: '*', baseMinor: 600, perKgMinor: 0, days: 3 }];
  const sandbox = createEasyPostSandbox({
    apiKey,
    clock,
    currency: 'USD',
    tariffs: [
      { carrier: 'USPS', service: 'Ground', lanes },
      { carrier: 'UPS', service: 'Ground', lanes },
    ],
    ...given.sandbox,
  });
  const app = withFaults(sandbox.app, given.faults ?? (() => null));
  const sent: { readonly call: string; readonly body: unknown }[] = [];
  const carrier = easypostCarrier({
    connection: 'post',
    apiKey,
    baseUrl: origin,
    currency: 'USD',
    clock,
    random: () => 0.5,
    async fetch(input, init) {
      const call = new Request(input, init);
      const text = await call.clone().text();
      sent.push({ call: `${call.method} ${new URL(call.url).pathname}`, body: text === '' ? null : JSON.parse(text) });
      return sandboxFetch({ [origin]: app })(call);
    },
    ...given.options,
  });
  return { clock, sandbox, carrier, sent };
}

const shipmentSchema = z.object({ shipment: z.looseObject({ options: z.looseObject({}) }) });

describe('what is asked of a delivery', () => {
  test('the way back is asked for by the addresses of the way out, which EasyPost switches', async () => {
    const { carrier, sent } = world();
    await carrier.rates({
      ...request,
      shipFrom: address('Ada Lovelace'),
      shipTo: address('Warehouse West'),
      currency: 'USD',
      delivery: { ...plainDelivery, isReturn: true },
    });
    expect(sent[0]?.body).toMatchObject({
      shipment: { is_return: true, from_address: { name: 'Warehouse West' }, to_address: { name: 'Ada Lovelace' } },
    });
  });

  test('signature, Saturday and insurance are options, so that they are in the price', async () => {
    const { carrier, sent } = world();
    const delivery = { ...plainDelivery, signature: 'adult' as const, onSaturday: true, insured: { minor: 12_000, currency: 'USD' } };
    await carrier.rates({ ...request, currency: 'USD', delivery });
    expect(shipmentSchema.parse(sent[0]?.body).shipment.options).toEqual({
      currency: 'USD',
      delivery_confirmation: 'ADULT_SIGNATURE',
      saturday_delivery: true,
      carrier_insurance_amount: '120.00',
    });
  });

  test('a value that is insured in another currency is refused before anything is asked', async () => {
    const { carrier, sent } = world();
    const delivery = { ...plainDelivery, insured: { minor: 100, currency: 'EUR' } };
    await expect(carrier.buy({ ...request, delivery }, intentMemo('k'))).rejects.toMatchObject({
      code: 'refused',
      facts: { outcome: 'not-applied' },
    });
    expect(await carrier.rates({ ...request, currency: 'USD', delivery })).toEqual({
      rates: [],
      problems: ['the insured value is in EUR and the labels are in USD'],
    });
    expect(sent).toEqual([]);
  });
});

describe('over a customs border', () => {
  const abroad = { ...request, shipTo: address('Ada Lovelace', 'GB'), delivery: { ...plainDelivery, customs } };

  test('the customs are told what it is, what all units are worth and weigh, and who signs', async () => {
    const { carrier, sent } = world();
    await carrier.buy(abroad, intentMemo('k'));
    expect(shipmentSchema.parse(sent[0]?.body).shipment).toMatchObject({
      customs_info: {
        contents_type: 'merchandise',
        customs_certify: true,
        customs_signer: 'Grace Hopper',
        eel_pfc: 'NOEEI 30.37(a)',
        non_delivery_option: 'return',
        restriction_type: 'none',
        customs_items: [
          {
            description: 'Mug',
            quantity: 3,
            value: 38.7,
            currency: 'USD',
            weight: 31.7,
            code: 'A',
            hs_tariff_number: '691110',
            origin_country: 'DE',
          },
        ],
      },
      tax_identifiers: [{ entity: 'SENDER', tax_id_type: 'IOSS', tax_id: 'IM0000000000', issuing_country: 'IE' }],
      options: { incoterm: 'DAP', invoice_number: 'INV-7' },
    });
  });

  test('a parcel without a declaration is refused by the carrier', async () => {
    const { carrier, sandbox } = world();
    await expect(carrier.buy({ ...abroad, delivery: plainDelivery }, intentMemo('k'))).rejects.toMatchObject({ code: 'refused' });
    expect(sandbox.snapshot().labels).toEqual([]);
  });

  test('an export that has to be filed is refused before anything is asked', async () => {
    const { carrier, sent } = world();
    const dear = { ...customs, items: customs.items.map((item) => ({ ...item, unitValue: { minor: 90_000, currency: 'USD' } })) };
    await expect(carrier.buy({ ...abroad, delivery: { ...plainDelivery, customs: dear } }, intentMemo('k'))).rejects.toMatchObject({
      code: 'refused',
    });
    expect(sent).toEqual([]);
  });
});

describe('when a parcel arrives', () => {
  test('SmartRate’s days stand with the rates where the account asks for them', async () => {
    const { carrier } = world({ options: { smartRate: true } });
    const { rates, problems } = await carrier.rates({ ...request, currency: 'USD' });
    expect(problems).toEqual([]);
    expect(rates.map(({ arrival }) => arrival.percentiles)).toEqual(rates.map(() => ({ 50: 3, 75: 3, 85: 4, 90: 4, 95: 5, 97: 6, 99: 8 })));
  });

  test('an account without SmartRate has its prices all the same, and a problem in words', async () => {
    const { carrier } = world({ options: { smartRate: true }, sandbox: { smartRate: false } });
    const { rates, problems } = await carrier.rates({ ...request, currency: 'USD' });
    expect(rates.map(({ arrival }) => arrival.percentiles)).toEqual([null, null]);
    expect(problems).toEqual(['SmartRate: SmartRate is not enabled for this account.']);
  });

  test('nobody is asked who did not choose it', async () => {
    const { carrier, sent } = world();
    await carrier.rates({ ...request, currency: 'USD' });
    expect(sent.map(({ call }) => call)).toEqual(['POST /v2/shipments']);
  });
});

describe('the document of a label', () => {
  test('a picture can be had in every format', async () => {
    const { carrier } = world();
    const label = await carrier.buy(request, intentMemo('k'));
    const formats = [];
    for (const format of ['png', 'pdf', 'zpl'] as const) formats.push((await carrier.documents?.(label, format))?.format);
    expect(formats).toEqual(['png', 'pdf', 'zpl']);
  });

  test('a label that was made for a printer is not turned into anything else', async () => {
    const { carrier } = world();
    const label = await carrier.buy({ ...request, format: 'zpl' }, intentMemo('k'));
    await expect(carrier.documents?.(label, 'pdf')).rejects.toMatchObject({ code: 'unsupported' });
  });
});

describe('an address', () => {
  const check = (asked: Address) => world().carrier.addressCheck?.(asked);

  test('that is known by other words is suggested in those', async () => {
    expect(await check(address('Ada'))).toEqual({
      kind: 'corrected',
      suggested: { ...address('Ada'), lines: ['417 MONTGOMERY ST'], city: 'SAN FRANCISCO', postalCode: '94104-1129' },
      isResidential: false,
      messages: [],
    });
  });

  test('that is known but for capitals and the four digits is valid', async () => {
    expect(await check(address('Ada', 'US', '417 Montgomery St.'))).toMatchObject({ kind: 'valid', suggested: null });
  });

  test('without a house number is invalid, and says so without the address', async () => {
    expect(await check(address('Ada', 'US', 'Montgomery St'))).toEqual({
      kind: 'invalid',
      suggested: null,
      isResidential: null,
      messages: ['House number is missing'],
    });
  });
});

describe('handing over', () => {
  async function two(first = 'USPS/Ground', second = 'USPS/Ground') {
    const all = world();
    const labels = [
      await all.carrier.buy({ ...request, service: first }, intentMemo('a')),
      await all.carrier.buy({ ...request, service: second }, intentMemo('b')),
    ];
    return { ...all, labels };
  }
  const pickup = {
    at: request.shipFrom,
    from: '2026-11-23T10:00:00.000Z',
    until: '2026-11-23T14:00:00.000Z',
    grams: 2_000,
    note: 'Dock 7',
  };

  test('several labels are fetched together, as a batch', async () => {
    const { carrier, labels, sandbox, sent } = await two();
    const booked = await carrier.pickup?.make({ ...pickup, labels }, intentMemo('p'));
    expect(booked?.price).toEqual({ minor: 0, currency: 'USD' });
    expect(sandbox.snapshot().pickups).toEqual([{ id: booked?.ref, status: 'scheduled' }]);
    expect(sent.map(({ call }) => call.replaceAll(/(batch|pickup|shp)_\w+/g, ':id')).slice(4)).toEqual([
      'POST /v2/batches',
      'GET /v2/batches/:id',
      'GET /v2/batches/:id',
      'POST /v2/pickups',
      'POST /v2/pickups/:id/buy',
    ]);
  });

  test('a second attempt finds the pickup of the first', async () => {
    const { carrier, labels, sandbox } = await two();
    const same = intentMemo('p');
    const booked = await carrier.pickup?.make({ ...pickup, labels }, same);
    expect(await carrier.pickup?.make({ ...pickup, labels }, same)).toEqual(booked);
    expect(await carrier.pickup?.find({ ...pickup, labels }, same)).toEqual({ kind: 'found', result: booked });
    expect(sandbox.snapshot().pickups).toHaveLength(1);
  });

  test.each(['drop-after', 'error-after', 'drop-before'] as const)('a pickup that was not answered (%s) is booked once', async (fault) => {
    let wrong = true;
    const { carrier, sandbox } = world({
      faults: (_, sent) => {
        if (!wrong || !/pickup_\w+\/buy$/.test(sent.url)) return null;
        wrong = false;
        return fault;
      },
    });
    const labels = [await carrier.buy(request, intentMemo('a'))];
    const same = intentMemo('p');
    await expect(carrier.pickup?.make({ ...pickup, labels }, same)).rejects.toMatchObject({ facts: { outcome: 'unknown' } });
    const seen = await carrier.pickup?.find({ ...pickup, labels }, same);
    const booked = await carrier.pickup?.make({ ...pickup, labels }, same);
    expect([seen?.kind, sandbox.snapshot().pickups]).toEqual([
      fault === 'drop-before' ? 'absent' : 'found',
      [{ id: booked?.ref, status: 'scheduled' }],
    ]);
  });

  test('what nobody fetches together is refused, in the words of the carriers', async () => {
    const { carrier, labels } = await two('USPS/Ground', 'UPS/Ground');
    await expect(carrier.pickup?.make({ ...pickup, labels }, intentMemo('p'))).rejects.toMatchObject({
      code: 'refused',
      facts: { message: 'no carrier offers this pickup: EasyPost: The parcels are of several carriers.' },
    });
  });

  test('a pickup that is called off twice is refused the second time', async () => {
    const { carrier, labels } = await two();
    const { ref } = (await carrier.pickup?.make({ ...pickup, labels }, intentMemo('p'))) ?? { ref: '' };
    expect([(await carrier.pickup?.cancel(ref))?.kind, (await carrier.pickup?.cancel(ref))?.kind]).toEqual(['voided', 'refused']);
  });

  test('a scan form is of one carrier: labels of others and those that were given back are left, with the reason', async () => {
    const { carrier, labels } = await two('USPS/Ground', 'UPS/Ground');
    const third = await carrier.buy(request, intentMemo('c'));
    const back = await carrier.buy(request, intentMemo('d'));
    await carrier.voidLabel(back, intentMemo('v'));
    const done = await carrier.manifest?.make(
      { from: request.shipFrom, day: '2026-11-21', labels: [...labels, third, back] },
      intentMemo('m'),
    );
    expect(done?.left).toEqual([
      { ref: back.ref, reason: 'there is no label any more' },
      { ref: labels[1]?.ref, reason: 'a form is of one carrier, and this label is of UPS' },
    ]);
    expect(done?.document).toMatchObject({ format: 'pdf' });
  });

  test('labels that stand on a form are found there, and a later label is left', async () => {
    const { carrier, labels } = await two();
    const day = { from: request.shipFrom, day: '2026-11-21' };
    const done = await carrier.manifest?.make({ ...day, labels }, intentMemo('m'));
    const late = await carrier.buy(request, intentMemo('late'));
    expect(await carrier.manifest?.find({ ...day, labels: [...labels, late] }, intentMemo('m'))).toEqual({
      kind: 'found',
      result: { ...done, left: [{ ref: late.ref, reason: `the form ${done?.ref ?? ''} was made without it` }] },
    });
  });
});
