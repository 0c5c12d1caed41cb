import { expect, test } from 'vitest';
import { shippoFault } from './faults.ts';

function faultOf(status: number, body: unknown, more: { readonly purchase?: boolean; readonly redact?: (text: string) => string } = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return shippoFault({
    operation: 'transaction.make',
    reply: { status, text, headers: {} },
    now: '2026-11-23T12:00:00.000Z',
    purchase: more.purchase ?? false,
    redact: more.redact ?? ((words) => words),
  });
}

test.each([
  [400, { rate: ['This field is required.'] }, 'invalid-request', 'rate: This field is required.'],
  [
    400,
    { address_to: { zip: ['Too short.'], __all__: ['Not complete.'] } },
    'invalid-request',
    'address_to.zip: Too short.; address_to.__all__: Not complete.',
  ],
  [401, { detail: 'Token does not exist' }, 'unauthorized', 'Token does not exist'],
  [
    403,
    { detail: 'You do not have permission to perform this action.' },
    'forbidden',
    'You do not have permission to perform this action.',
  ],
  [404, '<h1>Not Found</h1>', 'not-found', 'answered with HTTP 404'],
  [500, '', 'server-error', 'answered with HTTP 500'],
])('HTTP %i with %j is %s', (status, body, code, message) => {
  const fault = faultOf(status, body);
  expect([fault?.code, fault?.facts.message]).toEqual([code, message]);
});

test('a success of HTTP is no fault, whatever it says', () => {
  expect(faultOf(201, { status: 'ERROR' })).toBeUndefined();
});

test('Shippo’s own 429 did nothing; one that is not in its words leaves a purchase open', () => {
  const throttled = { detail: 'Request was throttled. Expected available in 3 seconds.' };
  expect(faultOf(429, throttled, { purchase: true })?.facts.outcome).toBe('not-applied');
  expect(faultOf(429, 'slow down', { purchase: true })?.facts.outcome).toBe('unknown');
  expect(faultOf(429, 'slow down')?.facts.outcome).toBe('not-applied');
});

test('what Shippo quotes of people is blanked out, and long words are cut', () => {
  const redact = (text: string) => text.replaceAll('Ada', '•••');
  expect(faultOf(400, { address_to: ['Ada is not a street.'] }, { redact })?.facts.message).toBe('address_to: ••• is not a street.');
  expect(faultOf(400, { detail: 'a'.repeat(999) })?.facts.message).toHaveLength(300);
});
