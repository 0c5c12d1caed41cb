import { describe, expect, test } from 'vitest';
import { daysLate, deliveryTrust, supplierTrustSchema } from './supplier-trust.ts';
import { confidentSupply, supplyTrustSchema } from './time-phased.ts';

const day = (date: number, time = '08:00') => `2026-11-${String(date).padStart(2, '0')}T${time}:00.000Z`;
const trust = supplyTrustSchema.parse({ lateDays: 1, history: {} });

describe("dated supply lines with confidence, from the supplier's history", () => {
  test('supply of a supplier that was three days late in one of five receipts is planned on time, and trusted to 80 percent', () => {
    const late = [0, 0, 3, 0, 0];
    expect(deliveryTrust(trust, late)).toEqual({ lateDays: 0, confidence: 80 });
    expect(confidentSupply([{ units: 5, expectedAt: day(25) }], trust, day(23), () => late)).toEqual([
      { at: day(25), units: 5, confidence: 80 },
    ]);
  });

  test('as late as four in five of its receipts were at most, it is expected', () => {
    expect(deliveryTrust(trust, [0, 1, 2, 6, 2])).toEqual({ lateDays: 2, confidence: 20 });
    expect(confidentSupply([{ units: 5, expectedAt: day(25) }], trust, day(23), () => [2, 2, 2, 2, 9])[0]).toMatchObject({ at: day(27) });
  });

  test('of few receipts nothing is concluded: what is declared holds, as it does without a history', () => {
    const declared = { lateDays: 1, confidence: null };
    expect([
      deliveryTrust(trust, [9, 9, 9, 9]),
      deliveryTrust({ lateDays: 1, history: supplierTrustSchema.parse(undefined) }, [9, 9, 9, 9, 9]),
    ]).toEqual([declared, declared]);
  });

  test('what comes on its day or before is on time, and late by whole days after that', () => {
    const promisedAt = day(10);
    expect([day(9), day(10, '17:00'), day(11, '08:00'), day(13, '07:00')].map((at) => daysLate({ promisedAt, at }))).toEqual([0, 0, 1, 2]);
  });
});
