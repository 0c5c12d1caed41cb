import { expect, test } from 'vitest';
import { addressQuery, verdictOf } from './address-check.ts';
import { address, given } from './testing/given.ts';
import { wireCheckedAddressSchema } from './wire.ts';

const asked = address('Ada Lovelace', '417 Montgomery Street');
const same = (text: string) => text;

function answered(
  value: string,
  more: { readonly reasons?: readonly object[]; readonly type?: string; readonly recommended?: object | null } = {},
) {
  return verdictOf(
    asked,
    wireCheckedAddressSchema.parse({
      analysis: { validation_result: { value, reasons: more.reasons ?? [] }, address_type: more.type ?? 'unknown', changed_attributes: [] },
      recommended_address: more.recommended ?? null,
    }),
    same,
  );
}

const spelt = {
  address_line_1: '417 MONTGOMERY STREET',
  city_locality: 'SAN FRANCISCO',
  state_province: 'CA',
  postal_code: '94104-1129',
  country_code: 'US',
};

test('who lives there is not told', () => {
  expect(addressQuery({ ...asked, lines: ['417 Montgomery Street', 'Floor 5', 'Door 2'] })).toEqual({
    address_line_1: '417 Montgomery Street',
    address_line_2: 'Floor 5, Door 2',
    city_locality: 'San Francisco',
    state_province: 'CA',
    postal_code: '94104',
    country_code: 'US',
  });
});

test('capitals and the four digits behind a postal code are no other words', () => {
  expect(answered('valid', { recommended: spelt, type: 'commercial' })).toEqual({
    kind: 'valid',
    suggested: null,
    isResidential: false,
    messages: [],
  });
});

test('a place that is known by other words is corrected', () => {
  const verdict = answered('partially_valid', { recommended: { ...spelt, postal_code: '94105' }, type: 'residential' });
  expect(verdict).toMatchObject({ kind: 'corrected', isResidential: true, suggested: { name: 'Ada Lovelace', postalCode: '94105' } });
});

test.each([
  ['partially_valid', 'ambiguous'],
  ['invalid', 'invalid'],
  ['pondered', 'ambiguous'],
])('%s without a recommendation is %s', (value, kind) => {
  const verdict = answered(value, { reasons: [{ code: 'premise_number_missing', description: 'The house number is missing.' }] });
  expect(verdict).toEqual({ kind, suggested: null, isResidential: null, messages: ['The house number is missing.'] });
});

test('an address that says too little is invalid, and what Shippo says of it shows nobody', async () => {
  const { carrier, sent } = given();
  const verdict = await carrier.addressCheck?.({ ...asked, lines: [] });
  expect([verdict?.kind, verdict?.messages]).toEqual(['invalid', ['The address does not have enough information.']]);
  expect(sent[0]?.path).not.toMatch(/Ada|4155550132/);
});
