import { money, type Address, type ChannelOrder } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { checkPolicySchema } from './check-policy.ts';
import { checkOrder, type CheckedOrder } from './checks.ts';
import type { Hold } from './hold.ts';
import { line, now, order, person, revised } from './testing/samples.ts';

test('a paid order to a good address with known SKUs passes', () => {
  expect(check({})).toEqual([]);
});

test('several holds at once are all told', () => {
  const found = check({ test: true, risk: 'high', payment: { status: 'pending', secured: money(0, 'EUR') } });
  expect(found.map((hold) => hold.code)).toEqual(['payment', 'fraud', 'test-order']);
});

test('a payment hold names what is secured and what is due', () => {
  expect(check({ payment: { status: 'partially_paid', secured: money(1000, 'EUR') } })).toEqual([
    { code: 'payment', reason: '10.00 EUR secured of 34.90 EUR (partially_paid)' },
  ]);
});

test('more money than due is a mismatch, too, unless the policy accepts it', () => {
  const over = { payment: { status: 'paid', secured: money(4000, 'EUR') } };
  expect(codes(check(over))).toEqual(['payment']);
  expect(check(over, { policy: checkPolicySchema.parse({ acceptOverpayment: true }) })).toEqual([]);
});

test('money of another currency secures nothing', () => {
  expect(
    codes(
      check({ payment: { status: 'paid', secured: money(3490, 'USD') } }, { policy: checkPolicySchema.parse({ acceptOverpayment: true }) }),
    ),
  ).toEqual(['payment']);
});

test('a business order with terms ships before it is paid', () => {
  const onTerms = { class: 'business', terms: 'net 30', payment: { status: 'pending', secured: money(0, 'EUR') } } as const;
  expect(check(onTerms)).toEqual([]);
  expect(codes(check(onTerms, { policy: checkPolicySchema.parse({ trustTerms: false }) }))).toEqual(['payment']);
});

test('medium risk is held where no limit is set, and above the limit where one is', () => {
  const policy = checkPolicySchema.parse({ mediumRiskUpTo: { EUR: '34.90' } });
  expect(check({ risk: 'medium' })).toEqual([{ code: 'fraud', reason: 'medium risk, and no limit is set for EUR' }]);
  expect(check({ risk: 'medium' }, { policy })).toEqual([]);
  expect(check({ risk: 'medium' }, { policy: checkPolicySchema.parse({ mediumRiskUpTo: { EUR: '34.89' } }) })).toEqual([
    { code: 'fraud', reason: 'medium risk above 34.89 EUR: 34.90 EUR' },
  ]);
});

test('an order above the review amount waits for a person', () => {
  expect(check({}, { policy: checkPolicySchema.parse({ reviewAbove: { EUR: '30.00' } }) })).toEqual([
    { code: 'manual', reason: 'above 30.00 EUR a person decides: 34.90 EUR' },
  ]);
});

test('an order without delivery address is held', () => {
  expect(check({}, { person: { shipTo: null, billTo: null } })).toEqual([{ code: 'address', reason: 'there is no delivery address' }]);
});

test('address validation: what a carrier says of the place holds the order where the policy minds it', () => {
  const said = (kind: string, messages: string[] = []) => ({ known: { carrier: 'post', kind, messages } });
  const minds = (holdOn: string[]) => ({ policy: checkPolicySchema.parse({ carrierAddresses: { askedOf: ['post'], holdOn } }) });
  expect(check({}, said('invalid', ['house number is missing']))).toEqual([
    { code: 'address', reason: 'post knows no such place: house number is missing' },
  ]);
  for (const kind of ['valid', 'unsupported', 'corrected', 'ambiguous', 'a word of tomorrow']) expect(check({}, said(kind))).toEqual([]);
  const strict = minds(['corrected', 'ambiguous']);
  expect(check({}, { ...said('corrected'), ...strict })).toEqual([{ code: 'address', reason: 'post knows this place by other words' }]);
  expect(check({}, { ...said('ambiguous'), ...strict })).toEqual([
    { code: 'address', reason: 'post knows several places that may be meant' },
  ]);
  expect(check({}, { ...said('invalid'), ...strict })).toEqual([]);
});

test('everything that is wrong with an address is told, without telling the address', () => {
  expect(addressReason({ lines: [' '], city: '', country: 'XX' })).toBe('no street; no city; unknown country "XX"');
});

test.each([
  ['DE', '10115', 'D-10115', '1011'],
  ['US', '94103', '94103-1234', '9410'],
  ['GB', 'SW1A 1AA', 'ec1a1bb', '12345'],
  ['CA', 'K1A 0B1', 'k1a0b1', '123456'],
  ['NL', '1012 AB', 'NL-1012AB', '1012'],
  ['SE', '114 55', 'SE-114 55', '1145'],
  ['PT', '1000-001', '1000001', '1000'],
])('a postal code of %s is judged by its form', (country, good, alsoGood, bad) => {
  expect(addressReason({ country, postalCode: good })).toBeNull();
  expect(addressReason({ country, postalCode: alsoGood })).toBeNull();
  expect(addressReason({ country, postalCode: bad })).toBe(`the postal code is not of the form of ${country}`);
});

test('the postal code of a country whose form is not known passes', () => {
  expect(addressReason({ country: 'IE', postalCode: '' })).toBeNull();
});

test('a post office box is held only where the policy says so', () => {
  const policy = checkPolicySchema.parse({ poBoxes: 'hold' });
  expect(addressReason({ lines: ['P.O. Box 12'] })).toBeNull();
  expect(addressReason({ lines: ['P.O. Box 12'] }, policy)).toBe('a post office box');
  expect(addressReason({ lines: ['Postfach 12 34'] }, policy)).toBe('a post office box');
  expect(addressReason({ lines: ['Boxhagener Straße 1'] }, policy)).toBeNull();
});

test('lines without SKU and SKUs that the ERP does not know are named', () => {
  expect(check({ lines: [line('l1', null, 2), line('l2', 'VASE', 1)] })).toEqual([
    { code: 'unmapped-sku', reason: 'line l1 has no SKU; unknown in the ERP: VASE' },
  ]);
});

test('a line without stock needs no SKU', () => {
  const lines = [line('l1', 'MUG', 2), line('l2', null, 1, { kind: 'non-stock' })];
  expect(check({ lines })).toEqual([]);
});

test('a total that does not follow from its parts is held with the derivation', () => {
  expect(check({ total: money(3491, 'EUR'), payment: { status: 'paid', secured: money(3491, 'EUR') } })).toEqual([
    {
      code: 'total-mismatch',
      reason: 'lines 30.00 EUR + shipping 4.90 EUR - discount 0.00 EUR = 34.90 EUR, and the channel says 34.91 EUR',
    },
  ]);
});

test('taxes that come on top and a discount belong to the total', () => {
  const total = money(3000 + 490 + 320 + 160 + 78 - 500, 'EUR');
  const onTop = { taxesIncluded: false, orderDiscount: money(500, 'EUR'), total, payment: { status: 'paid', secured: total } };
  expect(check(onTop)).toEqual([]);
  expect(codes(check({ ...onTop, shippingTax: money(79, 'EUR') }))).toEqual(['total-mismatch']);
});

test('an amount of another currency in an order is a mismatch', () => {
  expect(check({ shipping: money(490, 'USD') })).toEqual([{ code: 'total-mismatch', reason: 'USD amounts in an order of EUR' }]);
});

test('an order with nothing to ship is held, and its address does not matter', () => {
  const nothing = { lines: [line('l1', 'MUG', 0, { total: money(3000, 'EUR') })] };
  expect(check(nothing, { person: { shipTo: null, billTo: null } })).toEqual([
    { code: 'no-lines', reason: 'no line has anything to ship' },
  ]);
});

test('a kit without components is held', () => {
  const lines = [line('k1', 'GIFT-BOX', 1), line('l2', 'LAMP', 2)].map((each, index) =>
    index === 0 ? { ...each, kind: 'kit' as const } : each,
  );
  expect(check({ lines })).toEqual([{ code: 'no-lines', reason: 'no components: kit GIFT-BOX' }]);
});

test('an order for later is held until its time', () => {
  const shipNotBefore = '2026-12-01T00:00:00.000Z';
  expect(codes(check({ shipNotBefore }))).toEqual(['not-before']);
  expect(check({ shipNotBefore }, { now: shipNotBefore })).toEqual([]);
});

test('an order that the channel closed is not shipped', () => {
  expect(codes(check({ status: 'closed' }))).toEqual(['closed']);
});

test('no reason tells a name, a street or a city', () => {
  const everything = check(
    { ...revised(1), risk: 'high', lines: [line('l1', null, 1)], payment: { status: 'pending', secured: money(0, 'EUR') } },
    { person: { shipTo: address({ postalCode: 'x', country: 'DE' }), billTo: null } },
  );
  expect(JSON.stringify(everything)).not.toMatch(/Ada|Invaliden|Berlin/);
});

function check(more: Partial<ChannelOrder>, given: Partial<CheckedOrder> = {}): Hold[] {
  return checkOrder({
    key: 'order-9',
    channel: 'shop',
    others: [],
    tags: {},
    order: order(more),
    person,
    knownSkus: new Set(['MUG', 'LAMP']),
    policy: checkPolicySchema.parse({}),
    now,
    ...given,
  });
}

function codes(holds: readonly Hold[]): string[] {
  return holds.map((hold) => hold.code);
}

function address(more: Partial<Address>): Address {
  return {
    name: 'Ada Example',
    company: null,
    lines: ['Invalidenstraße 1'],
    postalCode: '10115',
    city: 'Berlin',
    region: null,
    country: 'DE',
    phone: null,
    email: null,
    ...more,
  };
}

function addressReason(more: Partial<Address>, policy = checkPolicySchema.parse({})): string | null {
  const found = check({}, { person: { shipTo: address(more), billTo: null }, policy }).find((hold) => hold.code === 'address');
  return found?.reason ?? null;
}
