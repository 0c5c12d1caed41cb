import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import {
  misfits,
  operationOf,
  readSpecification,
  requestSchemaOf,
  strangeNames,
  type Specification,
} from '@quartermaster/connector-kit/testing';
import { plainDelivery, type Customs } from '@quartermaster/domain';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { offersOf } from './options.ts';
import { boughtPrice } from './prices.ts';
import { account, ada, dock, request, service, tariff, type Call } from './testing/account.ts';
import {
  wireBoughtSchema,
  wireCancelledSchema,
  wireErrorSchema,
  wireOptionsSchema,
  wirePaymentSchema,
  wireReprintSchema,
  wireScanFormSchema,
} from './wire.ts';

// USPS's own specifications: read where they are, and never copied.
const specs = new URL('../../../../../shared/specs/usps/', import.meta.url);
const absent = !existsSync(new URL('domestic-labels.yaml', specs));
const reason = absent ? ' (skipped: the vendor specifications of ../shared are not here)' : '';

const files: Readonly<Record<string, string>> = {
  '/labels/v3': 'domestic-labels.yaml',
  '/shipments/v3': 'shipping-options.yaml',
  '/payments/v3': 'payments.yaml',
  '/addresses/v3': 'addresses.yaml',
  '/tracking/v3': 'tracking.yaml',
  '/scan-forms/v3': 'scan-forms.yaml',
  '/pickup/v3': 'carrier-pickup.yaml',
};

/** Places where USPS's specifications contradict its own examples: nothing to correct is a correction without a code; the mail class of today is missing from a list of 2019; one pickup is a list. */
const contradictions = new Set([
  String.raw`get-address 200.corrections[].code does not fit \w{2}`,
  'get-address 200.corrections[].code is shorter than 2',
  'get-package-tracking 200.mailClass is "USPS_GROUND_ADVANTAGE", no word of the specification',
  'get-carrier-pickup-confirmation-number 200 is object, not array',
]);

const customs: Customs = {
  contents: 'merchandise',
  incoterm: 'DAP',
  ifUndeliverable: 'return',
  invoiceNumber: 'INV-7',
  signer: 'Berth Seven',
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
  taxIds: [],
};

/** Lets a carrier do all that it can, and gives what went over the wire. */
async function everyOperation(): Promise<readonly Call[]> {
  const { calls, carrier, clock, sandbox } = account({
    sandbox: {
      callsPerHour: 6_000,
      services: [...tariff, service('PRIORITY_MAIL_RETURN_SERVICE')],
      trouble: (nth) => (nth === 4 ? 'failed-made' : null),
    },
    carrier: { callsPerHour: 6_000 },
  });
  await carrier.probe();
  await carrier.rates({ ...request, currency: 'USD' });
  await carrier.addressCheck?.(ada);
  const label = await carrier.buy(request, intentMemo('1'));
  const insured = { minor: 60_000, currency: 'USD' };
  const wanted = { ...plainDelivery, signature: 'adult' as const, insured };
  await carrier.buy({ ...request, service: 'PRIORITY_MAIL/FB', format: 'png', delivery: { ...wanted, insured: null } }, intentMemo('2'));
  const ship = { ...ada, lines: ['PSC 123 BOX 1234'], city: 'APO', region: 'AE', postalCode: '09008' };
  await carrier.buy(
    { ...request, shipTo: ship, service: 'PRIORITY_MAIL', format: 'zpl', delivery: { ...wanted, customs } },
    intentMemo('3'),
  );
  const back = { ...request, shipFrom: ada, shipTo: dock, delivery: { ...plainDelivery, isReturn: true } };
  await carrier.buy(back, intentMemo('4'));
  const doubtful = intentMemo('5');
  await carrier.buy(request, doubtful).catch(() => undefined);
  await clock.sleep(120_000);
  await carrier.reconcile(request, doubtful.refs, doubtful);
  await carrier.reconcile({ ...request, reference: 'another' }, doubtful.refs, doubtful);
  await carrier.documents?.(label, 'zpl');
  sandbox.scan(label.trackingNumber, 'accepted');
  await carrier.tracking?.track([label.trackingNumber, 'nobody']);
  const window = { from: '2026-11-24T15:00:00.000Z', until: '2026-11-24T18:00:00.000Z' };
  const booked = await carrier.pickup?.make({ at: dock, ...window, labels: [label], grams: 1_250, note: 'Ramp 3' }, intentMemo('pickup'));
  await carrier.pickup?.cancel(booked?.ref ?? '');
  await carrier.manifest?.make({ from: dock, day: '2026-11-23', labels: [label] }, intentMemo('manifest'));
  await carrier.voidLabel(await carrier.buy(request, intentMemo('6')), intentMemo('void'));
  return calls.filter(({ path }) => path !== '/oauth2/v3/token');
}

describe.skipIf(absent)(`against USPS's specifications${reason}`, () => {
  const all = new Map<string, Specification>(
    absent ? [] : Object.entries(files).map(([prefix, file]) => [prefix, readSpecification(new URL(file, specs))]),
  );

  /** The specification of a call, with its operation there. */
  function described({ method, path }: Call) {
    const { pathname, searchParams } = new URL(path, 'https://usps.test');
    const prefix = Object.keys(files).find((one) => pathname.startsWith(`${one}/`)) ?? '';
    const specification = all.get(prefix);
    const operation = specification === undefined ? null : operationOf(specification, method, pathname.slice(prefix.length));
    if (specification === undefined || operation === null) throw new Error(`${method} ${pathname} is not described`);
    return { specification, operation, query: [...searchParams.keys()] };
  }

  test('every request of ours is one that USPS describes, with its parameters, headers and body', async () => {
    const used = new Set<string>();
    const found = (await everyOperation()).flatMap((call) => {
      const { operation, query, specification } = described(call);
      used.add(operation.operationId);
      const sent = ['x-payment-authorization-token', 'x-idempotency-key', 'if-match'].filter((name) => call.headers[name] !== undefined);
      const strange = [
        ...strangeNames(specification, operation, 'query', query).map((name) => `${operation.operationId}?${name}`),
        ...strangeNames(specification, operation, 'header', sent).map((name) => `${operation.operationId} has no header ${name}`),
      ];
      if (call.body === '') return strange;
      const schema = requestSchemaOf(specification, operation);
      if (schema === null) return [...strange, `${operation.operationId} has a body where none is`];
      return [...strange, ...misfits(specification, schema, JSON.parse(call.body), 'request', operation.operationId)];
    });
    expect([...new Set(found)]).toEqual([]);
    expect([...used].toSorted()).toEqual([
      'delete-carrier-pickup-confirmation-number',
      'delete-label-by-tracking',
      'get-address',
      'get-carrier-pickup-confirmation-number',
      'get-package-tracking',
      'post-carrier-pickup',
      'post-label',
      'post-label-reprint-by-idempotency',
      'post-label-reprint-by-tracking',
      'post-options-search',
      'post-payments-payment-authorization',
      'post-return-label',
      'post-scan-form',
    ]);
  });

  test('nothing that the sandbox answers is unknown to the specifications', async () => {
    const found = (await everyOperation()).flatMap((call) => {
      const { operation, specification } = described(call);
      const content = operation.responses[String(call.status)]?.content ?? {};
      const schema = (content[call.headers['accept'] ?? ''] ?? content['application/json'])?.schema;
      if (schema === undefined || call.answer === '') return [];
      return misfits(specification, schema, JSON.parse(call.answer), 'answer-with-nulls', `${operation.operationId} ${call.status}`);
    });
    expect([...new Set(found)].filter((one) => !contradictions.has(one))).toEqual([]);
  });

  const example = (prefix: string, name: string): unknown => {
    const found = all.get(prefix)?.components.examples[name];
    if (found === undefined) throw new Error(`${prefix} has no example ${name}`);
    return found.value;
  };

  test('documented labels and their prices are understood', () => {
    const [label, back, printed] = [
      wireBoughtSchema.parse(example('/labels/v3', 'Base64EncodedImagesExample')),
      wireBoughtSchema.parse(example('/labels/v3', 'JSONReturnLabelWithEmbeddedBased64Response')),
      wireReprintSchema.parse(example('/labels/v3', 'LabelReprintResponseExample')),
    ];
    expect([label.trackingNumber, boughtPrice(label)?.total.minor, Boolean(label.labelImage)]).toEqual(['123456789012', 1_920, true]);
    expect([back.trackingNumber, boughtPrice(back)?.total.minor, Boolean(back.returnLabelImage)]).toEqual([
      '9405509898644824249889',
      1_500,
      true,
    ]);
    expect(printed.labelMetadata?.trackingNumber).toBe('123456789012');
  });

  test('documented cancellations and errors are understood', () => {
    expect(wireCancelledSchema.parse(example('/labels/v3', 'ExampleCancel_CANCELED')).status).toBe('CANCELED');
    expect(wireCancelledSchema.parse(example('/labels/v3', 'ExampleCancel_REFUND'))).toEqual({ status: 'DISPUTED', disputeId: '103789' });
    const error = wireErrorSchema.parse(example('/labels/v3', 'ExampleCancelError_REFUND_SAMELABEL_SAMEDAY')).error;
    expect(error.errors?.[0]?.detail).toBe('A refund request for this order has already been submitted today');
    expect(wireErrorSchema.parse(example('/addresses/v3', 'Multiple-Addresses-Found')).error.code).toBe('404');
  });

  test('a documented option that is brought to a facility of its destination is not sold, and one of the way back is, to the cent', () => {
    const out = wireOptionsSchema.parse(example('/shipments/v3', 'DomesticOutboundOptionsExample'));
    const back = wireOptionsSchema.parse(example('/shipments/v3', 'DomesticReturnOptionsExample'));
    expect(offersOf(out, plainDelivery, { everything: true })).toEqual([]);
    expect(offersOf(back, { ...plainDelivery, isReturn: true }, { everything: true })).toMatchObject([
      { service: { mailClass: 'USPS_GROUND_ADVANTAGE', packaging: null }, price: { total: { minor: 465, currency: 'USD' } }, zone: '01' },
    ]);
  });

  test('a documented SCAN form and payment authorization are understood', () => {
    expect(wireScanFormSchema.parse(example('/scan-forms/v3', 'SCANFormVendorResponse'))).toMatchObject({
      manifestNumber: '9475038234567000031430',
      trackingNumbers: ['9405530900066611112089'],
    });
    expect(wirePaymentSchema.parse(example('/payments/v3', 'PaymentAuthorizationResponseWithRateHolder'))).toEqual({
      paymentAuthorizationToken: 'header.body.signature',
    });
  });
});
