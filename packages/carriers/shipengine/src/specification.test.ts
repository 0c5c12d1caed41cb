import { intentMemo, sandboxFetch, virtualClock } from '@quartermaster/connector-kit/sandbox';
import {
  answerOf,
  misfits,
  noSpecification,
  operationOf,
  readSpecification,
  requestSchemaOf,
  strangeNames,
} from '@quartermaster/connector-kit/testing';
import { plainDelivery, trackingReasons, trackingStates, type LabelRequest } from '@quartermaster/domain';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { shipengineCarrier } from './carrier.ts';
import { createShipEngineSandbox } from './sandbox/index.ts';
import { detailMeanings, statusMeanings } from './tracking-status.ts';
import { addressVerdictOf } from './translate.ts';
import { wireAddressVerdictsSchema, wireErrorsSchema, wireLabelSchema } from './wire.ts';

// ShipEngine's own specification: read where it is, and never copied.
const specs = new URL('../../../../../shared/specs/shipengine/', import.meta.url);
const file = new URL('openapi.yaml', specs);
const absent = !existsSync(file);
const reason = absent ? ' (skipped: the vendor specifications of ../shared are not here)' : '';

type Exchange = { readonly method: string; readonly url: URL; readonly body: string; readonly status: number; readonly answer: string };

/** Places where the specification contradicts what ShipEngine documents and its examples show. */
const contradictions = new Set([
  // The body of POST /v1/rates is a shipment id or a shipment; the specification asks for both, and for a shipment's carrier and service, which are what is being asked for.
  'calculate_rates.shipment_id is missing',
  'calculate_rates.shipment.shipment_id is missing',
  'calculate_rates.shipment.carrier_id is missing',
  'calculate_rates.shipment.service_code is missing',
  // A warehouse stands for the address that a shipment goes from.
  'calculate_rates.shipment.ship_from is missing',
]);

/** The time at which rates were made is described as an id; the local time of a carrier's event is described with a zone, which it has not in ShipEngine's own examples of webhooks. */
const strangeAnswers = /^calculate_rates\.rate_response\.created_at does not fit |\.events\[\]\.carrier_occurred_at does not fit /;

describe.skipIf(absent)(`against ShipEngine's specification${reason}`, () => {
  const specification = absent ? noSpecification : readSpecification(file);

  test('every request of ours is one that ShipEngine describes, with its parameters and its body', async () => {
    const exchanges = (await everyOperation()).filter(({ url }) => url.pathname !== '/jwks');
    const found = exchanges.flatMap(({ body, method, url }) => {
      const operation = operationOf(specification, method, url.pathname);
      if (operation === null) return [`${method} ${url.pathname} is not described`];
      const strange = strangeNames(specification, operation, 'query', url.searchParams.keys()).map(
        (name) => `${operation.operationId}?${name}`,
      );
      const described = requestSchemaOf(specification, operation);
      if (body === '') return strange;
      if (described === null) return [...strange, `${operation.operationId} has a body where none is`];
      return [...strange, ...misfits(specification, described, JSON.parse(body), 'request', operation.operationId)];
    });
    expect([...new Set(found)].filter((one) => !contradictions.has(one))).toEqual([]);
    const used = new Set(exchanges.map(({ method, url }) => operationOf(specification, method, url.pathname)?.operationId ?? ''));
    expect([...used].toSorted()).toEqual([
      'calculate_rates',
      'create_label',
      'create_manifest',
      'delete_scheduled_pickup',
      'get_label_by_external_shipment_id',
      'get_label_by_id',
      'get_manifest_request_by_id',
      'get_shipment_by_external_id',
      'get_tracking_log_from_label',
      'list_carriers',
      'list_labels',
      'list_manifests',
      'list_scheduled_pickups',
      'schedule_pickup',
      'start_tracking',
      'validate_address',
      'void_label',
    ]);
  });

  test('nothing that the sandbox answers is unknown to the specification', async () => {
    const found = (await everyOperation()).flatMap(({ answer, method, status, url }) => {
      const operation = operationOf(specification, method, url.pathname);
      const described = operation?.responses[String(status)]?.content?.['application/json']?.schema;
      return described === undefined || answer === ''
        ? []
        : misfits(specification, described, JSON.parse(answer), 'answer-with-nulls', operation?.operationId ?? '');
    });
    expect([...new Set(found)].filter((one) => !one.endsWith(' is missing') && !strangeAnswers.test(one)).toSorted()).toEqual([]);
  });

  test('every published status and detail has a meaning in our words', () => {
    const { status_code: codes, status_detail_code: details } = specification.components.schemas;
    expect(codes?.enum?.toSorted()).toEqual(Object.keys(statusMeanings).toSorted());
    expect(details?.enum?.toSorted()).toEqual(Object.keys(detailMeanings).toSorted());
    expect(details?.enum).toHaveLength(75);
  });

  test('the statuses mean what the shared table of mappings says', () => {
    const table: unknown = JSON.parse(readFileSync(new URL('../mappings/aggregators_and_others.json', specs), 'utf8'));
    const ours = (meanings: typeof detailMeanings) =>
      Object.fromEntries(Object.entries(meanings).map(([code, { state }]) => [code, state.replaceAll('-', '_')]));
    expect(table).toMatchObject({ shipengine: ours(statusMeanings) });
    expect({ ...ours(detailMeanings), ...overridesOf(table) }).toEqual(ours(detailMeanings));
  });

  test('documented addresses are judged as their examples say', () => {
    const operation = operationOf(specification, 'POST', '/v1/addresses/validate');
    const examples = operation === null ? [] : answerOf(specification, operation, 200).examples;
    const asked = { ...request().shipTo, lines: ['500 South Buena Vista Street'], city: 'Burbank', postalCode: '91521' };
    const verdicts = examples.map((value) => wireAddressVerdictsSchema.parse(value)).map(([one]) => one && addressVerdictOf(asked, one));
    expect(verdicts.map((verdict) => [verdict?.kind, verdict?.isResidential])).toEqual([
      ['corrected', false],
      ['unsupported', null],
    ]);
    expect(verdicts[0]?.suggested?.lines).toEqual(['500 S BUENA VISTA ST']);
  });

  test('the documented label and the documented error are understood', () => {
    const operation = operationOf(specification, 'POST', '/v1/labels/rate_shopper_id/cheapest');
    const [example] = operation === null ? [] : answerOf(specification, operation, 200).examples;
    expect(wireLabelSchema.parse(example)).toMatchObject({
      label_id: expect.stringMatching(/^se-/),
      tracking_number: expect.any(String),
    });
    const error: unknown = JSON.parse(readFileSync(new URL('error_response.json', specs), 'utf8'));
    expect(wireErrorsSchema.parse(error).errors[0]?.error_code).toBe('invalid_address');
  });
});

test('every meaning is a state and a reason that we have words for', () => {
  const meanings = [...Object.values(statusMeanings), ...Object.values(detailMeanings)];
  const [states, reasons]: [ReadonlySet<string>, ReadonlySet<string | null>] = [
    new Set(trackingStates),
    new Set([null, ...trackingReasons]),
  ];
  expect(meanings.filter(({ state, reason: why }) => !states.has(state) || !reasons.has(why))).toEqual([]);
  expect({ statusMeanings, detailMeanings }).toMatchSnapshot();
});

function overridesOf(table: unknown): object {
  return typeof table === 'object' &&
    table !== null &&
    'shipengine_detail_overrides' in table &&
    typeof table.shipengine_detail_overrides === 'object'
    ? { ...table.shipengine_detail_overrides }
    : {};
}

function request(): LabelRequest {
  return {
    shipFrom: givenAddress('Quartermaster Berth 7', '1 Dock Road'),
    shipTo: givenAddress('Ada Lovelace', '12 Harbor Drive'),
    parcel: { number: 1, grams: 1_250, millimetres: [305, 203, 101], items: [{ lineId: '1', sku: 'MUG', units: 1 }] },
    service: 'stamps_com/usps_ground_advantage',
    format: 'pdf',
    shipAt: '2026-11-23T09:00:00.000Z',
    delivery: plainDelivery,
    reference: 'S00042 1/1',
    priceLimit: null,
  };
}

function givenAddress(name: string, line: string) {
  return {
    name,
    company: 'Acme',
    lines: [line, 'Hall 2', 'Gate C', 'Ring twice'],
    postalCode: '94104',
    city: 'San Francisco',
    region: 'CA',
    country: 'US',
    phone: '4155550132',
    email: 'dock@quartermaster.example',
  };
}

/** Lets a carrier do all that it can, and gives what went over the wire. */
async function everyOperation(): Promise<readonly Exchange[]> {
  const exchanges: Exchange[] = [];
  const clock = virtualClock('2026-11-23T09:00:00.000Z');
  const lanes = [
    { from: 'US', to: 'US', baseMinor: 600, perKgMinor: 50, days: 4, zone: 4 },
    { from: 'US', to: 'GB', baseMinor: 2_600, perKgMinor: 150, days: 9, zone: 11 },
  ];
  const sandbox = createShipEngineSandbox({
    apiKey: 'key-of-the-sandbox',
    clock,
    currency: 'USD',
    warehouses: [{ id: 'se-900', country: 'US' }],
    manifestTakesMs: 60_000,
    tariffs: [
      { carrierId: 'se-101', carrierCode: 'stamps_com', serviceCode: 'usps_ground_advantage', signatureMinor: 350, fuelPercent: 10, lanes },
    ],
  });
  const app = async (asked: Request) => {
    const body = await asked.clone().text();
    const reply = await sandbox.app(asked);
    exchanges.push({ method: asked.method, url: new URL(asked.url), body, status: reply.status, answer: await reply.clone().text() });
    return reply;
  };
  const given = {
    connection: 'post',
    apiKey: 'key-of-the-sandbox',
    currency: 'USD',
    clock,
    fetch: sandboxFetch({ 'https://api.shipengine.com': app }),
  };
  const plain = shipengineCarrier(given);
  const carrier = shipengineCarrier({ ...given, warehouseId: 'se-900' });
  await carrier.probe();
  await carrier.rates({ ...request(), currency: 'USD' });
  await carrier.addressCheck?.(request().shipTo);
  const label = await carrier.buy(request(), intentMemo('ORDER/buy-label/a-shipment-with-a-long-name/1/1/1'));
  const insured = { minor: 12_300, currency: 'USD' };
  const customs = {
    contents: 'merchandise',
    incoterm: 'DDP',
    ifUndeliverable: 'return',
    invoiceNumber: 'INV-7',
    signer: 'Grace Hopper',
    items: [
      {
        sku: 'MUG',
        description: 'A mug',
        units: 2,
        unitValue: { minor: 1_290, currency: 'USD' },
        unitGrams: 400,
        hsCode: '691200',
        origin: 'DE',
      },
    ],
    taxIds: [{ of: 'sender', type: 'IOSS', value: 'IM2760000000', country: 'DE' }],
  } as const;
  const abroad = { ...request(), shipTo: { ...request().shipTo, country: 'GB', postalCode: 'SW1A 1AA', region: 'London' } };
  await plain.buy(
    { ...abroad, delivery: { signature: 'adult', onSaturday: true, insured, isReturn: false, customs } },
    intentMemo('abroad'),
  );
  const back = await carrier.buy({ ...request(), delivery: { ...plainDelivery, isReturn: true, signature: 'anyone' } }, intentMemo('back'));
  await carrier.reconcile(request(), {}, intentMemo('never'));
  sandbox.trouble('refused');
  const used = intentMemo('refused');
  await carrier.buy(request(), used).catch(() => undefined);
  await carrier.buy(request(), used).catch(() => undefined);
  await clock.sleep(300_000);
  await carrier.reconcile(request(), used.refs, used);
  await carrier.documents?.(label, 'pdf');
  await carrier.documents?.(label, 'png');
  await carrier.trackingPush?.make(label, intentMemo('push'));
  sandbox.scan(label.trackingNumber, 'accepted');
  sandbox.scan(label.trackingNumber, 'delivered');
  await carrier.tracking?.track([label.trackingNumber, 'nobody']);
  const [webhook] = sandbox.takeWebhooks();
  if (webhook !== undefined) await carrier.verifyWebhook?.(webhook.body, webhook.headers);
  const window = { from: '2026-11-23T12:00:00.000Z', until: '2026-11-23T15:00:00.000Z' };
  const pickup = { at: request().shipFrom, ...window, labels: [label], grams: 1_250, note: 'Ramp 3' };
  const booked = await carrier.pickup?.make(pickup, intentMemo('pickup'));
  await carrier.pickup?.find(pickup, intentMemo('pickup'));
  await carrier.pickup?.cancel(booked?.ref ?? '');
  const day = { from: request().shipFrom, day: '2026-11-23', labels: [label, back] };
  const manifesting = intentMemo('manifest');
  await carrier.manifest?.make(day, manifesting).catch(() => undefined);
  await carrier.manifest?.find(day, manifesting);
  await clock.sleep(61_000);
  await carrier.manifest?.find(day, manifesting);
  for await (const _found of carrier.labelsSince?.('2026-11-01T00:00:00.000Z') ?? []) continue;
  await carrier.voidLabel(back, intentMemo('void'));
  await carrier.voidLabel(label, intentMemo('void'));
  return exchanges;
}
