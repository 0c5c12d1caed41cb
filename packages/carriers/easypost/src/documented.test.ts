import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { easypostFault } from './faults.ts';
import { isBought, labelOf, priceOf, ratesOf, serviceNames, voidOutcomeOf } from './translate.ts';
import { wireEventSchema, wireListSchema, wireRerateSchema, wireShipmentSchema } from './wire.ts';

/** Answers that EasyPost documents and recorded exchanges of its test mode: reference material outside this repository. */
const specs = new URL('../../../../../shared/specs/easypost/', import.meta.url);
const absent = !existsSync(specs);
const names = serviceNames({});
const now = '2026-11-21T12:00:00.000Z';

function documented(path: string): unknown {
  return JSON.parse(readFileSync(new URL(`docs-responses/${path}`, specs), 'utf8'));
}

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
    const shipment = wireShipmentSchema.parse(documented(`shipments/${file}.json`));
    expect(isBought(shipment)).toBe(false);
    expect(ratesOf(shipment, 'USD', names).length).toBeGreaterThan(0);
  });

  test.each(['shipments-buy', 'shipments-one-call-buy', 'shipments-label'])('%s is a label', (file) => {
    const shipment = wireShipmentSchema.parse(documented(`shipments/${file}.json`));
    expect(labelOf(shipment, { format: 'png', now, names })).toMatchObject({
      carrier: 'USPS',
      trackingNumber: expect.stringMatching(/^9\d{21}$/),
      document: { url: expect.stringMatching(/^https:/) },
    });
  });

  test('the bought example costs what its documentation says', () => {
    const shipment = wireShipmentSchema.parse(documented('shipments/shipments-buy.json'));
    expect(shipment.selected_rate && priceOf(shipment.selected_rate)).toEqual({ minor: 820, currency: 'USD' });
  });

  test('a refund is submitted', () => {
    const shipment = wireShipmentSchema.parse(documented('shipping-refund/shipping-refund-refund.json'));
    expect(voidOutcomeOf(shipment.refund_status ?? 'none')).toEqual({ kind: 'accepted' });
  });

  test('rates made anew are rates, a list is a list, an event is an event', () => {
    expect(wireRerateSchema.parse(documented('rates/rates-regenerate.json')).rates.length).toBeGreaterThan(0);
    expect(wireListSchema.parse(documented('shipments/shipments-list.json')).shipments.length).toBeGreaterThan(0);
    expect(wireEventSchema.parse(documented('events/events-retrieve.json')).description).toMatch(/\w/);
  });
});

describe.skipIf(absent)('recorded exchanges are understood (skipped where the reference material is absent)', () => {
  test('every shipment that was answered', () => {
    const shipments = exchanges().filter(
      ({ path, status }) => status < 300 && /^\/v2\/shipments(\/shp_\w+(\/(buy|label|refund|insure))?)?$/.test(path),
    );
    const kept = shipments.map(({ text }) => wireShipmentSchema.parse(JSON.parse(text)));
    expect(kept.length).toBeGreaterThan(15);
    expect(kept.every((shipment) => shipment.rates.length > 0)).toBe(true);
    expect(kept.filter(isBought).every((shipment) => labelOf(shipment, { format: 'png', now, names }) !== null)).toBe(true);
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
