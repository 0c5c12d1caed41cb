import { serviceNames } from '@quartermaster/connector-kit';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { easypostFault } from './faults.ts';
import { isBought, labelOf, percentilesOf, priceOf, ratesOf, voidOutcomeOf } from './translate.ts';
import { verdictOf } from './address-check.ts';
import { addressDraft, draftOf } from './draft.ts';
import { details, stateOf, statesByStatus } from './tracking-states.ts';
import { answerOf } from './tracking.ts';
import * as wire from './wire.ts';

/** Answers that EasyPost documents and recorded exchanges of its test mode: reference material outside this repository. */
const specs = new URL('../../../../../shared/specs/easypost/', import.meta.url);
const absent = !existsSync(specs);
const names = serviceNames({});
const now = '2026-11-21T12:00:00.000Z';

function documented(path: string): unknown {
  return JSON.parse(readFileSync(new URL(`docs-responses/${path}`, specs), 'utf8'));
}

/** The schema by which each documented answer of what we use is read. */
const readBy: Readonly<Record<string, z.ZodType>> = {
  'addresses/addresses-create': wire.wireAddressSchema,
  'addresses/addresses-create-and-verify': wire.wireErrorSchema,
  'addresses/addresses-list': wire.wireAddressesSchema,
  'addresses/addresses-retrieve': wire.wireAddressSchema,
  'addresses/addresses-verify': wire.wireCheckedAddressSchema,
  'addresses/addresses-verify-param': wire.wireAddressSchema,
  'addresses/addresses-verify-strict-param': wire.wireErrorSchema,
  'batches/batches-add-shipments': wire.wireBatchSchema,
  'batches/batches-buy': wire.wireBatchSchema,
  'batches/batches-create': wire.wireBatchSchema,
  'batches/batches-label': wire.wireBatchSchema,
  'batches/batches-list': wire.wireBatchesSchema,
  'batches/batches-remove-shipments': wire.wireBatchSchema,
  'batches/batches-retrieve': wire.wireBatchSchema,
  'batches/batches-scan-forms': wire.wireBatchSchema,
  'endshipper/endshipper-buy': wire.wireShipmentSchema,
  'events/events-list': wire.wireEventsSchema,
  'events/events-retrieve': wire.wireEventSchema,
  'forms/forms-create': wire.wireShipmentSchema,
  'luma/luma-buy': wire.wireShipmentSchema,
  'luma/luma-one-call-buy': wire.wireShipmentSchema,
  'options/options-create-with-options': wire.wireShipmentSchema,
  'pickups/pickups-buy': wire.wirePickupSchema,
  'pickups/pickups-cancel': wire.wirePickupSchema,
  'pickups/pickups-create': wire.wirePickupSchema,
  'pickups/pickups-list': wire.wirePickupsSchema,
  'pickups/pickups-retrieve': wire.wirePickupSchema,
  'rates/rates-regenerate': wire.wireRerateSchema,
  'rates/rates-retrieve': wire.wireRateSchema,
  'returns/returns-create': wire.wireShipmentSchema,
  'scan-form/scan-form-create': wire.wireScanFormSchema,
  'scan-form/scan-form-list': wire.wireScanFormsSchema,
  'scan-form/scan-form-retrieve': wire.wireScanFormSchema,
  'shipments/shipments-buy': wire.wireShipmentSchema,
  'shipments/shipments-create': wire.wireShipmentSchema,
  'shipments/shipments-label': wire.wireShipmentSchema,
  'shipments/shipments-list': wire.wireBoughtSchema,
  'shipments/shipments-one-call-buy': wire.wireShipmentSchema,
  'shipments/shipments-retrieve': wire.wireShipmentSchema,
  'shipping-insurance/shipping-insurance-insure': wire.wireShipmentSchema,
  'shipping-refund/shipping-refund-refund': wire.wireShipmentSchema,
  'smartrate/smartrate-retrieve-time-in-transit-statistics': wire.wireSmartRatesSchema,
  'tax-identifiers/tax-identifiers-create': wire.wireShipmentSchema,
  'trackers/trackers-create': wire.wireTrackerSchema,
  'trackers/trackers-list': wire.wireTrackersSchema,
  'trackers/trackers-retrieve': wire.wireTrackerSchema,
};

/** Answers of what we never call. */
const neverRead =
  /^(carrier-|claim\/|customs-|endshipper\/endshipper-(create|list|retrieve|update)|insurance\/|luma\/luma-info|orders\/|parcels\/|rates\/rates-retrieve-stateless|refunds\/|smartrate\/smartrate-retrieve-(estimated|recommend|standalone)|trackers\/trackers-delete|webhooks\/)/;

const harSchema = z.object({
  log: z.object({
    entries: z.array(
      z.object({
        request: z.object({ method: z.string(), url: z.string() }),
        response: z.object({ status: z.number(), content: z.object({ text: z.string().optional() }) }),
      }),
    ),
  }),
});

function exchanges() {
  const folder = new URL('har/', specs);
  return readdirSync(folder).flatMap((file) =>
    harSchema.parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))).log.entries.map(({ request, response }) => ({
      path: new URL(request.url).pathname,
      status: response.status,
      text: response.content.text ?? '',
    })),
  );
}

describe.skipIf(absent)('documented answers are understood (skipped where the reference material is absent)', () => {
  test.each(['shipments-create', 'shipments-retrieve'])('%s has rates and no label', (file) => {
    const shipment = wire.wireShipmentSchema.parse(documented(`shipments/${file}.json`));
    expect(isBought(shipment)).toBe(false);
    expect(ratesOf(shipment, 'USD', names).length).toBeGreaterThan(0);
  });

  test.each(['shipments-buy', 'shipments-one-call-buy', 'shipments-label'])('%s is a label', (file) => {
    const shipment = wire.wireShipmentSchema.parse(documented(`shipments/${file}.json`));
    expect(labelOf(shipment, { format: 'png', now, names })).toMatchObject({
      carrier: 'USPS',
      trackingNumber: expect.stringMatching(/^9\d{21}$/),
      document: { url: expect.stringMatching(/^https:/) },
    });
  });

  test('the bought example costs what its documentation says', () => {
    const shipment = wire.wireShipmentSchema.parse(documented('shipments/shipments-buy.json'));
    expect(shipment.selected_rate && priceOf(shipment.selected_rate)).toEqual({ minor: 820, currency: 'USD' });
  });

  test('every documented answer of what we use is read, and the others are of what we never call', () => {
    const folder = fileURLToPath(new URL('docs-responses/', specs));
    const files = globSync('*/*.json', { cwd: folder }).map((file) => file.replace(/\.json$/, ''));
    expect(files.filter((file) => readBy[file] === undefined && !neverRead.test(file))).toEqual([]);
    const unreadable = Object.entries(readBy).filter(([file, schema]) => !schema.safeParse(documented(`${file}.json`)).success);
    expect(unreadable.map(([file]) => file)).toEqual([]);
    expect(Object.keys(readBy).length).toBe(46);
  });

  test('a label that was turned into another format has it', () => {
    const shipment = wire.wireShipmentSchema.parse(documented('shipments/shipments-label.json'));
    expect([shipment.postage_label?.label_pdf_url, shipment.postage_label?.label_zpl_url].some(Boolean)).toBe(true);
  });

  test('a tracker is events with their times, states and places', () => {
    expect(answerOf(wire.wireTrackerSchema.parse(documented('trackers/trackers-create.json')))).toEqual({
      trackingNumber: 'EZ1000000001',
      dueOn: '2025-05-09',
      problem: null,
      events: [
        {
          at: '2025-04-09T20:40:17.000Z',
          isZoneKnown: true,
          state: 'label-created',
          reason: null,
          vendorCode: 'pre_transit/status_update',
          text: 'Pre-Shipment Info Sent to USPS',
          place: null,
        },
        {
          at: '2025-04-10T09:17:17.000Z',
          isZoneKnown: true,
          state: 'label-created',
          reason: null,
          vendorCode: 'pre_transit/status_update',
          text: 'Shipping Label Created',
          place: 'HOUSTON, TX',
        },
      ],
    });
  });

  test('SmartRate says within how many days so many percent arrive', () => {
    const { result } = wire.wireSmartRatesSchema.parse(documented('smartrate/smartrate-retrieve-time-in-transit-statistics.json'));
    expect(percentilesOf(result).get('rate_2a7a421fb01d45b49d5b6e96d6872c1e')).toEqual({ 50: 2, 75: 2, 85: 3, 90: 3, 95: 4, 97: 5, 99: 8 });
  });

  test.each([
    ['addresses-verify', 'valid'],
    ['addresses-verify-param', 'invalid'],
    ['addresses-create', 'unsupported'],
  ])('%s is an address that is %s', (file, kind) => {
    const answer = z
      .union([wire.wireAddressSchema, wire.wireCheckedAddressSchema.transform(({ address }) => address)])
      .parse(documented(`addresses/${file}.json`));
    const asked = {
      name: 'EasyPost',
      company: null,
      lines: ['417 Montgomery St', 'Fl 5'],
      city: 'San Francisco',
      region: 'CA',
      postalCode: '94104',
      country: 'US',
      phone: null,
      email: null,
    };
    const verdict = verdictOf(asked, answer, (text) => text);
    expect(verdict.kind).toBe(kind);
    expect(addressDraft(asked)).toMatchObject({ street1: '417 Montgomery St', street2: 'Fl 5', state: 'CA' });
  });

  test('a refund is submitted', () => {
    const shipment = wire.wireShipmentSchema.parse(documented('shipping-refund/shipping-refund-refund.json'));
    expect(voidOutcomeOf(shipment.refund_status ?? 'none')).toEqual({ kind: 'accepted' });
  });

  test('rates made anew are rates, a list is a list, an event is an event', () => {
    expect(wire.wireRerateSchema.parse(documented('rates/rates-regenerate.json')).rates.length).toBeGreaterThan(0);
    expect(wire.wireListSchema.parse(documented('shipments/shipments-list.json')).shipments.length).toBeGreaterThan(0);
    expect(wire.wireEventSchema.parse(documented('events/events-retrieve.json')).description).toMatch(/\w/);
  });
});

test.skipIf(absent)('every field that we send is one of EasyPost’s (skipped where the reference material is absent)', () => {
  const shipTo = {
    name: 'Ada',
    company: 'A',
    lines: ['1 Dock Road', 'Flat 2'],
    postalCode: '94104',
    city: 'X',
    region: 'CA',
    country: 'GB',
    phone: '1',
    email: 'a@b.example',
  };
  const items = [
    { sku: 'A', description: 'Mug', units: 1, unitValue: { minor: 100, currency: 'USD' }, unitGrams: 9, hsCode: '691110', origin: 'US' },
  ];
  const customs = {
    contents: 'other',
    incoterm: 'DDP',
    ifUndeliverable: 'return',
    invoiceNumber: null,
    signer: 'Ada',
    items,
    taxIds: [{ of: 'recipient', type: 'VAT', value: '1', country: 'GB' }],
  } as const;
  const draft = draftOf(
    {
      shipFrom: { ...shipTo, country: 'US' },
      shipTo,
      parcel: { number: 1, grams: 1_000, millimetres: [30, 20, 10], items: [{ lineId: '1', sku: 'A', units: 1 }] },
      delivery: { signature: 'none', onSaturday: false, insured: null, isReturn: true, customs },
    },
    { reference: 'k', options: { currency: 'USD', print_custom_1: 'S1', label_format: 'PDF' }, carrierAccounts: [] },
  );
  const files = globSync(['docs-responses/*/*.json', 'har/*.har', 'client-library-fixtures.json'], { cwd: fileURLToPath(specs) });
  const material = files.map((file) => readFileSync(new URL(file, specs), 'utf8')).join('\n');
  const strange = [...new Set(keysOf(draft))].filter((key) => !new RegExp(`\\\\?"${key}\\\\?":`).test(material));
  // An option of EasyPost that no example of the material uses.
  expect(strange).toEqual(['incoterm']);
});

function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]);
}

describe.skipIf(absent)('recorded exchanges are understood (skipped where the reference material is absent)', () => {
  test('every shipment that was answered', () => {
    const shipments = exchanges().filter(
      ({ path, status }) => status < 300 && /^\/v2\/shipments(\/shp_\w+(\/(buy|label|refund|insure))?)?$/.test(path),
    );
    const kept = shipments.map(({ text }) => wire.wireShipmentSchema.parse(JSON.parse(text)));
    expect(kept.length).toBeGreaterThan(15);
    expect(kept.every((shipment) => shipment.rates.length > 0)).toBe(true);
    expect(kept.filter(isBought).every((shipment) => labelOf(shipment, { format: 'png', now, names }) !== null)).toBe(true);
  });

  test('every address, pickup, scan form and tracker that was answered', () => {
    const schemaOf = new Map<string, z.ZodType>([
      ['/v2/addresses', wire.wireAddressSchema],
      ['/v2/addresses/create_and_verify', wire.wireCheckedAddressSchema],
      ['/v2/pickups', wire.wirePickupSchema],
      ['/v2/scan_forms', wire.wireScanFormSchema],
      ['/v2/trackers', wire.wireTrackerSchema],
    ]);
    const answered = exchanges().flatMap(({ path, status, text }) => {
      const schema = schemaOf.get(path.replace(/\/pickup_\w+\/buy$/, ''));
      return schema === undefined || status >= 300 ? [] : [schema.safeParse(JSON.parse(text)).success];
    });
    expect(answered).toEqual(Array.from({ length: 7 }, () => true));
  });

  test('every error, in both of its forms', () => {
    const errors = exchanges().filter(({ status }) => status >= 400);
    const faults = errors.map(({ status, text }) =>
      easypostFault({ operation: 'o', reply: { status, text, headers: {} }, now, purchase: false, redact: (words) => words }),
    );
    expect(faults.map((fault) => [fault?.code, fault?.facts.vendorCode, fault?.facts.message])).toEqual([
      ['not-found', 'NOT_FOUND', 'The requested resource could not be found. No eligible insurance found with provided tracking code.'],
      ['invalid-request', 'PARAMETER.REQUIRED', 'Missing required parameter. shipment cannot be blank'],
      ['invalid-request', 'ADDRESS.VERIFY.FAILURE', 'Unable to verify address. address Address not found street1 House number is missing'],
    ]);
  });
});

const mapped = new URL('../../../../../shared/specs/mappings/aggregators_and_others.json', import.meta.url);

test.skipIf(!existsSync(mapped))('every published status has its word (skipped where the reference material is absent)', () => {
  const published = z.object({ easypost: z.record(z.string(), z.string()) }).parse(JSON.parse(readFileSync(mapped, 'utf8'))).easypost;
  expect(statesByStatus).toEqual(Object.fromEntries(Object.entries(published).map(([code, word]) => [code, word.replaceAll('_', '-')])));
});

test.skipIf(absent)('every status and detail that was ever answered has its word (skipped where the reference material is absent)', () => {
  const documents = globSync('trackers/trackers-{create,retrieve}.json', { cwd: fileURLToPath(new URL('docs-responses/', specs)) }).map(
    documented,
  );
  const events = [
    ...documents,
    z.object({ result: z.unknown() }).parse(JSON.parse(readFileSync(new URL('event-body.json', specs), 'utf8'))).result,
  ]
    .map((tracker) => wire.wireTrackerSchema.parse(tracker))
    .flatMap(({ tracking_details }) => tracking_details);
  expect(events.length).toBeGreaterThan(10);
  expect(
    events.filter(
      ({ status, status_detail }) => stateOf(status ?? '', null).state === 'unknown' || !Object.hasOwn(details, status_detail ?? ''),
    ),
  ).toEqual([]);
});
