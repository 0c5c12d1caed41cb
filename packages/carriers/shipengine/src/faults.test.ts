import { expect, test } from 'vitest';
import { shipengineFault } from './faults.ts';

const said = (error: object, status: number, purchase: boolean) =>
  shipengineFault({
    operation: 'label.buy',
    reply: { status, headers: {}, text: JSON.stringify({ request_id: 'r-1', errors: [{ message: 'no', ...error }] }) },
    now: '2026-11-23T09:00:00.000Z',
    purchase,
    redact: (text) => text,
  });
const wordless = (text: string, status: number, purchase: boolean) =>
  shipengineFault({
    operation: 'label.buy',
    reply: { status, headers: {}, text },
    now: '2026-11-23T09:00:00.000Z',
    purchase,
    redact: (words) => words,
  });

test.each([
  ['no funds', { error_code: 'insufficient_funds', error_source: 'carrier' }, 400, 'refused', 'not-applied', 'never'],
  ['an id that is taken', { error_code: 'identifier_conflict', error_source: 'shipengine' }, 400, 'conflict', 'not-applied', 'never'],
  ['an inactive subscription', { error_code: 'subscription_inactive' }, 403, 'forbidden', 'not-applied', 'never'],
  ['a carrier that was disconnected', { error_code: 'carrier_disconnected' }, 400, 'misconfigured', 'not-applied', 'never'],
  [
    'a carrier that says no',
    { error_source: 'carrier', error_type: 'business_rules', error_code: 'unspecified' },
    400,
    'refused',
    'not-applied',
    'never',
  ],
  [
    'a carrier that broke down',
    { error_source: 'carrier', error_type: 'system', error_code: 'unspecified' },
    400,
    'server-error',
    'unknown',
    'safely',
  ],
  [
    'ShipEngine that broke down',
    { error_source: 'shipengine', error_type: 'system', error_code: 'unspecified' },
    500,
    'server-error',
    'unknown',
    'safely',
  ],
  ['too many requests', { error_source: 'shipengine', error_code: 'rate_limit_exceeded' }, 429, 'rate-limited', 'not-applied', 'after'],
  ['a wrong key', { error_code: 'unauthorized' }, 401, 'unauthorized', 'not-applied', 'never'],
])('a purchase that is answered with %s', (_title, error, status, code, outcome, retry) => {
  const fault = said(error, status, true);
  expect([fault?.code, fault?.facts.outcome, fault?.facts.retry.kind, fault?.facts.requestId]).toEqual([code, outcome, retry, 'r-1']);
});

test('an answer to a purchase that is not in words of ShipEngine leaves it open, but for a wrong key', () => {
  expect([400, 403, 404, 429, 502].map((status) => wordless('<html>', status, true)?.facts.outcome)).toEqual(
    Array.from({ length: 5 }, () => 'unknown'),
  );
  expect(wordless('{"error":"unauthorized"}', 401, true)?.facts.outcome).toBe('not-applied');
  expect(wordless('<html>', 429, false)?.facts).toMatchObject({ outcome: 'not-applied', retry: { kind: 'after', ms: 1_000 } });
});

test('a success is no fault', () => {
  expect(wordless('', 204, false)).toBeUndefined();
});
