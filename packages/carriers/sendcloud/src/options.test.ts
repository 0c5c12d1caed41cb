import { serviceNames } from '@quartermaster/connector-kit';
import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import type { DeliveryTerms } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import type { SandboxOption } from './sandbox/index.ts';
import { asked, back, customs, given, request, standard } from './testing/given.ts';

function option(code: string, more: Partial<SandboxOption> = {}): SandboxOption {
  return { ...standard, fuelPercent: 0, code, ...more };
}

/** Services that are offered under these terms, by rising price. */
async function services(options: readonly SandboxOption[], delivery: Partial<DeliveryTerms> = {}): Promise<string[]> {
  const { rates } = await given({ options }).carrier.rates(asked(delivery));
  return rates.map(({ service }) => service);
}

describe('options that deliver as it is asked for', () => {
  const plain = option('a:plain');

  test.each<[string, Partial<DeliveryTerms>, Partial<SandboxOption>]>([
    ['a signature', { signature: 'anyone' }, { signature: true }],
    ['a check of age', { signature: 'adult' }, { ageCheck: 18 }],
    ['Saturday', { onSaturday: true }, { weekend: 'saturday' }],
    ['any day of the weekend, for Saturday', { onSaturday: true }, { weekend: 'weekends' }],
    ['duties paid', { customs: { ...customs, incoterm: 'DDP' } }, { incoterm: 'ddp' }],
    ['the way back', { isReturn: true }, { returns: true }],
  ])('have %s', async (_, delivery, more) => {
    expect(await services([plain, option('a:more', more)], delivery)).toEqual(['a:more']);
  });

  test('have no lesser check of age than of 18, and no Sunday for a Saturday', async () => {
    expect(await services([option('a:16', { ageCheck: 16 })], { signature: 'adult' })).toEqual([]);
    expect(await services([option('a:sunday', { weekend: 'sunday' })], { onSaturday: true })).toEqual([]);
  });

  test('need no service point, have a number to follow, and are no returns', async () => {
    const odd = [option('a:shop', { needsServicePoint: true }), option('a:letter', { tracked: false }), back];
    const { rates, problems } = await given({ options: [...odd, plain] }).carrier.rates(asked());
    expect(rates.map(({ service }) => service)).toEqual(['a:plain']);
    expect(problems).toEqual(['a:shop needs a service point.', 'a:letter has no tracking number.', 'postnl:return is for returns.']);
  });
});

test('an option that demands what is not there is not offered', async () => {
  const { shipTo } = request();
  const { carrier } = given({ options: [option('a:x', { demands: ['to_email', 'to_telephone'] })] });
  const answer = await carrier.rates({ ...asked(), shipTo: { ...shipTo, email: null, phone: null } });
  expect(answer).toEqual({ rates: [], problems: ['a:x demands email, telephone.'] });
  expect((await carrier.rates(asked())).rates.length).toBe(1);
});

test('what is insured in another money than that of the labels is not offered', async () => {
  const { rates, problems } = await given().carrier.rates(asked({ insured: { minor: 10_000, currency: 'CHF' } }));
  expect([rates, problems[0]]).toEqual([[], 'postnl:standard insures in EUR only.']);
});

test('of several contracts for one option the cheapest is rated, and that one is bought', async () => {
  const dear = option('a:x', { contractId: 1, lanes: [{ from: 'NL', to: 'NL', baseMinor: 900, perKgMinor: 0, leadHours: 24 }] });
  const cheap = option('a:x', { contractId: 2, lanes: [{ from: 'NL', to: 'NL', baseMinor: 500, perKgMinor: 0, leadHours: 24 }] });
  const { carrier, sandbox } = given({ options: [dear, cheap] });
  expect((await carrier.rates(asked())).rates.map(({ total }) => total.minor)).toEqual([500]);
  await carrier.buy(request({ service: 'a:x' }), intentMemo('K1'));
  expect(sandbox.snapshot().labels[0]?.priceMinor).toBe(500);
});

test('a rate tells its parts, what is billed, and the days that it takes', async () => {
  const { rates } = await given().carrier.rates(asked({ insured: { minor: 10_000, currency: 'EUR' } }, 1_500));
  expect(rates).toEqual([
    {
      service: 'postnl:standard',
      total: { minor: 843, currency: 'EUR' },
      charges: [
        { type: 'shipping', amount: { minor: 675, currency: 'EUR' }, vendorCode: 'price_without_insurance' },
        { type: 'insurance', amount: { minor: 100, currency: 'EUR' }, vendorCode: 'insurance_price' },
        { type: 'fuel-charge', amount: { minor: 68, currency: 'EUR' }, vendorCode: 'fuel' },
      ],
      billable: { grams: 1_500, because: 'actual' },
      zone: null,
      arrival: { day: null, transitDays: 1, percentiles: null, isGuaranteed: false },
      expiresAt: null,
      isNegotiated: null,
    },
  ]);
});

test('an option without a price, or in another money, is a problem beside the rates that there are', async () => {
  const options = [option('a:x'), option('a:ours', { unpriced: true }), option('a:gb', { currency: 'GBP' })];
  const { rates, problems } = await given({ options }).carrier.rates(asked());
  expect(rates.map(({ service }) => service)).toEqual(['a:x']);
  expect(problems).toEqual(['a:ours has no price for this parcel at Sendcloud.', 'a:gb is priced in GBP, not in EUR.']);
});

test('what is not offered is refused with the reason', async () => {
  const { carrier } = given();
  const asks = request({ delivery: { ...request().delivery, signature: 'anyone' } });
  await expect(carrier.buy(asks, intentMemo('K1'))).rejects.toMatchObject({
    code: 'refused',
    facts: { advice: 'postnl:standard has no signature.' },
  });
});

test('a service has our name where it has one', async () => {
  const { carrier } = given({ carrier: { serviceMap: { parcel: 'postnl:standard' } } });
  expect((await carrier.rates(asked())).rates.map(({ service }) => service)).toEqual(['parcel']);
  expect((await carrier.buy(request({ service: 'parcel' }), intentMemo('K1'))).service).toBe('parcel');
  expect(serviceNames({}).toOurs('a:x')).toBe('a:x');
});
