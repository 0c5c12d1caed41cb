import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery, type LabelRequest } from '@quartermaster/domain';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { address, given, request } from './testing/given.ts';
import { exampleOf, isSpecificationAbsent, misfits, valuesOf } from './testing/specification.ts';
import { labelFileTypes } from './sandbox/requests.ts';
import { answerOf } from './tracking.ts';
import { statesByStatus } from './tracking-states.ts';
import { fileTypes, labelOf, priceOf, purchaseStates, ratesOf, voidOutcomeOf } from './translate.ts';
import * as wire from './wire.ts';

const abroad = { ...address('Grace Hopper', '2 Quay'), country: 'GB', postalCode: 'E1 6AN' };
const items = [
  {
    sku: 'MUG',
    description: 'Mug',
    units: 2,
    unitValue: { minor: 1_250, currency: 'USD' },
    unitGrams: 310,
    hsCode: '691110',
    origin: 'US',
  },
];
const customs = {
  contents: 'other',
  incoterm: 'DAP',
  ifUndeliverable: 'abandon',
  invoiceNumber: 'INV-7',
  signer: 'Ada',
  items,
  taxIds: [
    { of: 'sender', type: 'EORI', value: 'US123456789', country: 'US' },
    { of: 'sender', type: 'VAT', value: 'GB1', country: 'GB' },
  ],
} as const;

const ways: readonly Partial<LabelRequest>[] = [
  {},
  {
    format: 'zpl',
    delivery: { signature: 'adult', onSaturday: true, insured: { minor: 9_900, currency: 'USD' }, isReturn: false, customs: null },
  },
  { format: 'png', delivery: { ...plainDelivery, signature: 'anyone', isReturn: true } },
  { shipTo: abroad, delivery: { ...plainDelivery, customs } },
];

const modelsByPath: Readonly<Record<string, { readonly asked: string; readonly answered: string }>> = {
  '/shipments': { asked: 'ShipmentCreateRequest', answered: 'Shipment' },
  '/transactions': { asked: 'TransactionCreateRequest', answered: 'Transaction' },
  '/refunds': { asked: 'RefundRequestBody', answered: 'Refund' },
  '/manifests': { asked: 'ManifestCreateRequest', answered: 'Manifest' },
};

/** Buys, gives back and closes out labels of every kind, and keeps what went over the wire. */
async function exchanged() {
  const answers: { readonly path: string; readonly json: unknown }[] = [];
  const account = given();
  const listening = given({
    options: {
      async fetch(input, init) {
        const asked = new Request(input, init);
        const response = await account.sandbox.app(asked);
        const { pathname } = new URL(asked.url);
        answers.push({ path: pathname, json: z.unknown().parse(await response.clone().json()) });
        return response;
      },
    },
  });
  const labels = [];
  for (const [index, way] of ways.entries()) {
    await account.carrier.buy(request(way), intentMemo(`asked-${index}`));
    labels.push(await listening.carrier.buy(request(way), intentMemo(`answered-${index}`)));
  }
  for (const { carrier } of [account, listening]) {
    const label = await carrier.buy(request(), intentMemo('back'));
    const kept = await carrier.buy(request(), intentMemo('kept'));
    await carrier.voidLabel(label, intentMemo('void'));
    await carrier.manifest?.make({ from: request().shipFrom, day: '2026-11-23', labels: [kept] }, intentMemo('manifest'));
  }
  return { sent: account.sent.filter(({ method }) => method === 'POST'), answers };
}

describe.skipIf(isSpecificationAbsent)('by the specification of Shippo (skipped where it is absent)', () => {
  test('every request of ours has what Shippo wants and nothing that it does not have', async () => {
    const { sent } = await exchanged();
    expect([...new Set(sent.map(({ path }) => path))].toSorted()).toEqual(Object.keys(modelsByPath).toSorted());
    expect(sent.flatMap(({ path, body }) => misfits(modelsByPath[path]?.asked ?? '', body, { strict: true }))).toEqual([]);
  });

  test('every answer of the sandbox has what Shippo’s have', async () => {
    const { answers } = await exchanged();
    const known = answers.flatMap(({ path, json }) => {
      const model = modelsByPath[path]?.answered ?? (path.startsWith('/rates/') ? 'Rate' : null);
      return model === null ? [] : [misfits(model, json, { strict: false })];
    });
    expect([known.length, known.flat()]).toEqual([15, []]);
  });

  test('a request that lacks something or has too much is told apart', () => {
    expect(
      misfits('ManifestCreateRequest', { shipment_date: 'today', address_from: { country: 'US', planet: 'Earth' } }, { strict: true }),
    ).toEqual([
      'ManifestCreateRequest.carrieraccount is missing',
      'ManifestCreateRequest.address_from.planet is no field of AddressCreateRequest',
    ]);
    expect(misfits('Transaction', { status: 'PONDERED' }, { strict: false })).toEqual([
      'Transaction.status is none of TransactionStatusEnum',
    ]);
  });

  test('the documented answers of all that we read are read', () => {
    const readBy = {
      Transaction: wire.wireTransactionSchema,
      TransactionPaginatedList: wire.wireTransactionsSchema,
      Shipment: wire.wireShipmentSchema,
      Rate: wire.wireRateSchema,
      Refund: wire.wireRefundSchema,
      Manifest: wire.wireManifestSchema,
      ManifestPaginatedList: wire.wireManifestsSchema,
      Track: wire.wireTrackSchema,
      WebhookPayloadTrack: z.object({ data: wire.wireTrackSchema }),
    };
    const unread = Object.entries(readBy).filter(([model, schema]) => !schema.safeParse(exampleOf(model)).success);
    expect(unread.map(([model]) => model)).toEqual([]);
  });

  test('the documented purchase is the label that its page tells of, at the documented rate', () => {
    const rate = wire.wireRateSchema.parse(exampleOf('Rate'));
    const transaction = wire.wireTransactionSchema.parse(exampleOf('Transaction'));
    expect(labelOf(transaction, rate, { format: 'pdf', now: '2026-11-23T12:00:00.000Z' })).toMatchObject({
      ref: '915d94940ea54c3a80cbfa328722f5a1',
      carrier: 'USPS',
      trackingNumber: '9499907123456123456781',
      document: { format: 'pdf', url: expect.stringMatching(/^https:/) },
    });
    expect([priceOf(rate), ratesOf({ object_id: 's', status: 'SUCCESS', rates: [rate], messages: [] }, 'USD').length]).toEqual([
      { minor: 550, currency: 'USD' },
      1,
    ]);
  });

  test('the documented parcel is delivered, in its town', () => {
    expect(answerOf(wire.wireTrackSchema.parse(exampleOf('Track'))).events).toMatchObject([
      { at: '2016-07-23T00:00:00.000Z', state: 'delivered', vendorCode: 'DELIVERED/information_received', place: 'Las Vegas, NV, US' },
    ]);
  });

  test('every published value of what we go by has its word', () => {
    expect(Object.keys(purchaseStates).toSorted()).toEqual(valuesOf('TransactionStatusEnum').toSorted());
    expect(Object.keys(statesByStatus).toSorted()).toEqual(valuesOf('TrackingStatusEnum').toSorted());
    expect([...labelFileTypes].toSorted()).toEqual(valuesOf('LabelFileTypeEnum').toSorted());
    expect(valuesOf('LabelFileTypeEnum')).toEqual(expect.arrayContaining(Object.values(fileTypes)));
    expect(valuesOf('RefundStatus').map((status) => voidOutcomeOf(status).kind)).toEqual(['accepted', 'accepted', 'voided', 'refused']);
  });
});

const mapped = new URL('../../../../../shared/specs/mappings/aggregators_and_others.json', import.meta.url);

test.skipIf(!existsSync(mapped))('every published status has its word (skipped where the reference material is absent)', () => {
  const published = z.object({ shippo: z.record(z.string(), z.string()) }).parse(JSON.parse(readFileSync(mapped, 'utf8'))).shippo;
  // Behind a word the table says in brackets, or after it, what a substatus may say more.
  expect(statesByStatus).toEqual(
    Object.fromEntries(Object.entries(published).map(([code, word]) => [code, word.split(' ')[0]?.replaceAll('_', '-')])),
  );
});
