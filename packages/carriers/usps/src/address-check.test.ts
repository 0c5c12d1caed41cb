import { describe, expect, test } from 'vitest';
import { verdictOf } from './address-check.ts';
import { account, ada } from './testing/account.ts';
import { wireAddressSchema } from './wire.ts';

const known = {
  streetAddress: '12 HARBOR DR',
  secondaryAddress: 'APT 3',
  city: 'SAN FRANCISCO',
  state: 'CA',
  ZIPCode: '94104',
  ZIPPlus4: '3704',
};
const verdict = (info: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  verdictOf(ada, wireAddressSchema.parse({ firm: null, address: known, additionalInfo: info, ...more }));

describe('an address', () => {
  test('that USPS writes otherwise is corrected, with the four digits behind its ZIP Code', () =>
    expect(verdict({ DPVConfirmation: 'Y', business: 'N' }, { corrections: [{ code: '', text: '' }] })).toEqual({
      kind: 'corrected',
      suggested: { ...ada, lines: ['12 HARBOR DR', 'APT 3'], city: 'SAN FRANCISCO', postalCode: '94104-3704' },
      isResidential: true,
      messages: [],
    }));

  test('that USPS writes the same but for capitals is valid', () => {
    const same = wireAddressSchema.parse({
      address: { ...known, streetAddress: '12 HARBOR DRIVE' },
      additionalInfo: { DPVConfirmation: 'Y', business: 'Y' },
    });
    expect(verdictOf(ada, same)).toEqual({ kind: 'valid', suggested: null, isResidential: false, messages: [] });
  });

  test.each([
    ['D', 'ambiguous'],
    ['S', 'ambiguous'],
    ['N', 'invalid'],
  ])('whose delivery point is confirmed as %s is %s', (DPVConfirmation, kind) => expect(verdict({ DPVConfirmation }).kind).toBe(kind));

  test('that could be several is ambiguous', () =>
    expect(verdict({}, { corrections: [{ code: '22', text: 'Multiple addresses were found' }] })).toMatchObject({
      kind: 'ambiguous',
      messages: ['Multiple addresses were found'],
    }));
});

describe('asked of USPS', () => {
  const check = (change: Partial<typeof ada>) => account().carrier.addressCheck?.({ ...ada, ...change });

  test('a house of many flats without its flat is ambiguous', async () =>
    expect(await check({ lines: ['12 Harbor Tower'] })).toMatchObject({ kind: 'ambiguous' }));

  test('what it does not find is invalid, in its words', async () =>
    expect(await check({ lines: ['0 Nowhere'] })).toEqual({
      kind: 'invalid',
      suggested: null,
      isResidential: null,
      messages: ['There is no match for the address requested.'],
    }));

  test('an address abroad is not asked for', async () => {
    const bench = account();
    expect(await bench.carrier.addressCheck?.({ ...ada, country: 'DE' })).toMatchObject({ kind: 'unsupported' });
    expect(await bench.carrier.addressCheck?.({ ...ada, region: null })).toMatchObject({ kind: 'invalid' });
    expect(bench.calls).toEqual([]);
  });
});
