import { money, type Address, type ChannelOrder } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { checkPolicySchema } from './check-policy.ts';
import { checkOrder, type CheckedOrder } from './checks.ts';
import { decide } from './decide.ts';
import type { Hold } from './hold.ts';
import { approvalPolicySchema, releaseStep } from './approvals.ts';
import { isMeant } from './order-condition.ts';
import { pastOrderOf } from './past-order.ts';
import { similarSkus } from './similar-skus.ts';
import { after, line, order, person, received, writtenCase } from './testing/samples.ts';

type Policy = Parameters<typeof checkPolicySchema.parse>[0];
const shipTo = person.shipTo ?? fail();

describe('payment status', () => {
  test('money that is only authorised holds an order of a channel whose money is to be captured first', () => {
    const authorised = { payment: { status: 'authorized', secured: money(3490, 'EUR'), toCapture: money(3490, 'EUR') } };
    const captured = { payment: { status: 'paid', secured: money(3490, 'EUR'), toCapture: money(0, 'EUR') } };
    const policy = { capturedFirst: ['shop'] };

    expect(check(authorised, policy)).toEqual([
      { code: 'payment', reason: '34.90 EUR of 34.90 EUR is authorised and not captured (authorized)' },
    ]);
    expect(check(captured, policy)).toEqual([]);
    expect(check(authorised, { capturedFirst: ['another'] })).toEqual([]);
  });

  test('an amount mismatch is an automatic hold, but for what the policy tolerates in that currency', () => {
    const short = { payment: { status: 'paid', secured: money(3488, 'EUR') } };

    expect(codes(check(short, {}))).toEqual(['payment']);
    expect(check(short, { paymentTolerance: { EUR: '0.02' } })).toEqual([]);
    expect(codes(check(short, { paymentTolerance: { USD: '0.02' } }))).toEqual(['payment']);
    expect(codes(check(short, { paymentTolerance: { EUR: '0.01' } }))).toEqual(['payment']);
  });
});

describe('fraud review', () => {
  const policy = { fraud: { mostOrders: { orders: 2, withinMinutes: 60 } } };
  const earlier = (key: string, minute: number) =>
    pastOrderOf(key, order({ name: `#${key}`, placedAt: `2026-11-20T08:${minute}:00.000Z` }));

  test('the channel risk signal and our own rules are told together', () => {
    const found = check({ risk: 'high' }, { fraud: { valueAbove: { EUR: '30.00' } } });
    expect(found).toEqual([{ code: 'fraud', reason: 'the channel rates the risk high; worth more than 30.00 EUR: 34.90 EUR' }]);
  });

  test('velocity: the third order of one person within the hour is held, and the second is not', () => {
    expect(check({}, policy, { others: [earlier('1', 10)] })).toEqual([]);
    expect(check({}, policy, { others: [earlier('1', 10), earlier('2', 20)] })).toEqual([
      { code: 'fraud', reason: '3 orders of one person within 60 minutes, more than 2' },
    ]);
  });

  test('velocity: what came long before, or afterwards, does not count', () => {
    const long = pastOrderOf('1', order({ placedAt: '2026-11-20T07:59:59.000Z' }));
    const later = pastOrderOf('3', order({ placedAt: '2026-11-20T09:00:01.000Z' }));
    expect(check({}, policy, { others: [long, earlier('2', 20), later] })).toEqual([]);
  });

  test('address mismatch: goods that go to another country, or another address, than the bill', () => {
    const abroad: Address = { ...shipTo, country: 'FR', postalCode: '75001', city: 'Paris' };
    const nextDoor: Address = { ...shipTo, lines: ['Invalidenstraße 2'] };
    const rule = (compare: 'country' | 'address', above = {}) => ({ fraud: { shipToUnlikeBillTo: { compare, above } } });
    const billed = (billTo: Address | null) => ({ person: { shipTo, billTo } });

    expect(check({}, rule('country'), billed(abroad))).toEqual([{ code: 'fraud', reason: 'the goods go to DE, the bill to FR' }]);
    expect(check({}, rule('country'), billed(nextDoor))).toEqual([]);
    expect(codes(check({}, rule('address'), billed(nextDoor)))).toEqual(['fraud']);
    expect(check({}, rule('address'), billed({ ...shipTo, lines: ['INVALIDENstraße  1.'] }))).toEqual([]);
    expect(check({}, rule('address', { EUR: '34.90' }), billed(abroad))).toEqual([]);
    expect(check({}, rule('address'), billed(null))).toEqual([]);
  });
});

describe('order exceptions', () => {
  test('an unmapped SKU is a hold with a suggestion, never a silent placeholder', () => {
    const typed = { lines: [line('l1', 'MUGG', 2), line('l2', 'LAMP', 1)] };
    const similar = (sku: string) => similarSkus(sku, ['MUG', 'LAMP', 'CUSHION']);

    expect(check(typed, {}, { similarSkus: similar })).toEqual([
      { code: 'unmapped-sku', reason: 'unknown in the ERP: MUGG', suggestion: 'MUGG: perhaps MUG' },
    ]);
    expect(check({ lines: [line('l1', 'SOFA-3', 2), line('l2', 'LAMP', 1)] }, {}, { similarSkus: similar })).toEqual([
      { code: 'unmapped-sku', reason: 'unknown in the ERP: SOFA-3' },
    ]);
  });

  test('a suggestion is the SKU with other separators, capitals or leading zeros first, then a typing mistake', () => {
    const known = ['MUG-RED-01', 'MUG-RED-02', 'MUG-BLUE-01', '4711'];
    expect(similarSkus('mug red 01', known)).toEqual(['MUG-RED-01', 'MUG-RED-02']);
    expect(similarSkus('MUG-RDE-02', known)).toEqual(['MUG-RED-02', 'MUG-RED-01']);
    expect(similarSkus('0004711', known)).toEqual(['4711']);
    expect(similarSkus('PLATE', known)).toEqual([]);
  });

  test('a total mismatch is told with its derivation, but for what the policy tolerates', () => {
    const off = { total: money(3491, 'EUR'), payment: { status: 'paid', secured: money(3491, 'EUR') } };
    expect(codes(check(off, {}))).toEqual(['total-mismatch']);
    expect(check(off, { totalTolerance: { EUR: '0.01' } })).toEqual([]);
  });

  test('hazmat is held by destination: where it may not go, and not where it may', () => {
    const tags = { hazmat: ['LAMP*'] };
    const restricted = [{ name: 'lithium', tags: ['hazmat'], exceptTo: ['DE', 'AT'] }];
    const to = (country: string) => ({ destination: { country, region: null, postalArea: '100' } });

    expect(check(to('CH'), { restricted }, { tags })).toEqual([
      { code: 'restricted', reason: 'lithium: LAMP may not go to CH without a person' },
    ]);
    expect(check(to('DE'), { restricted }, { tags })).toEqual([]);
    expect(check({ ...to('CH'), lines: [line('l1', 'MUG', 3)] }, { restricted }, { tags })).toEqual([]);
  });

  test('a restricted destination holds just the countries that it names', () => {
    const restricted = [{ name: 'licence', skus: ['MUG'], to: ['US'] }];
    const to = (country: string) => ({ destination: { country, region: null, postalArea: '100' } });
    expect(codes(check(to('US'), { restricted }))).toEqual(['restricted']);
    expect(check(to('FR'), { restricted })).toEqual([]);
  });

  test('a duplicate suspect: the same person orders the same products within minutes, in whatever order of lines', () => {
    const first = pastOrderOf(
      '1',
      order({ name: '#1000', placedAt: '2026-11-20T08:55:00.000Z', lines: [line('x', 'LAMP', 1), line('y', 'MUG', 2)] }),
    );
    const other = pastOrderOf('2', order({ placedAt: '2026-11-20T08:58:00.000Z', lines: [line('x', 'LAMP', 2)] }));
    const policy = { duplicatesWithinMinutes: 10 };

    expect(check({}, policy, { others: [first, other] })).toEqual([
      { code: 'duplicate', reason: 'the same person ordered the same as #1000 of 2026-11-20T08:55:00.000Z' },
    ]);
    expect(check({}, policy, { others: [other] })).toEqual([]);
    expect(check({}, { duplicatesWithinMinutes: 4 }, { others: [first] })).toEqual([]);
    expect(check({}, {}, { others: [first] })).toEqual([]);
  });

  test('of two orders of the same moment just one is the duplicate', () => {
    const policy = { duplicatesWithinMinutes: 10 };
    const held = ['order-8', 'order-9'].map((key) =>
      codes(
        check({}, policy, { key, others: ['order-8', 'order-9'].filter((each) => each !== key).map((each) => pastOrderOf(each, order())) }),
      ),
    );
    expect(held).toEqual([[], ['duplicate']]);
  });
});

describe('automatic order holds', () => {
  const suspect = { code: 'duplicate', reason: 'the same person ordered the same as #1000', lastsMinutes: 30 } as const;
  const unpaid = { code: 'payment', reason: 'nothing secured' } as const;

  test('a policy says how long a hold lasts', () => {
    expect(check({ test: true }, { holdMinutes: { 'test-order': 15 } })).toMatchObject([{ code: 'test-order', lastsMinutes: 15 }]);
  });

  test('a hold that has had its time ends, the others stay, and the same finding does not hold the order again', () => {
    const held = received(order(), [suspect, unpaid]);
    const expired = decide(held, { kind: 'holds-expired' }, '2026-11-20T10:30:00.000Z').case;

    expect(held.holds).toMatchObject([
      { code: 'duplicate', until: '2026-11-20T10:30:00.000Z' },
      { code: 'payment', until: null },
    ]);
    expect(expired).toMatchObject({ state: 'held', holds: [{ code: 'payment' }] });
    expect(decide(expired, { kind: 'rechecked', holds: [suspect] }, '2026-11-20T10:31:00.000Z').case).toMatchObject({
      state: 'open',
      holds: [],
    });
  });

  test('re-checked: a hold is released by itself once its reason has passed', () => {
    const held = received(order(), [unpaid, suspect]);
    expect(after(held, { kind: 'rechecked', holds: [suspect] }).case.holds).toMatchObject([{ code: 'duplicate' }]);
    expect(after(held, { kind: 'rechecked', holds: [] }).case.state).toBe('open');
  });

  test('restricted goods and duplicates stop labels of an order that the ERP has', () => {
    const held = after(writtenCase(), { kind: 'rechecked', holds: [suspect] }).case;
    expect(held).toMatchObject({ state: 'committed', holds: [{ code: 'duplicate' }] });
  });
});

describe('approval thresholds', () => {
  const risky = { code: 'fraud', reason: 'high risk' } as const;
  const policy = approvalPolicySchema.parse({ twoPeopleAbove: { EUR: '30.00' } });

  test('above the value two different people release, the same one twice does not', () => {
    const held = received(order(), [risky]);
    const approved = after(held, { kind: 'release-approved', code: 'fraud', by: 'mia', reason: 'known customer' }).case;

    expect(releaseStep(held, 'fraud', 'mia', policy)).toBe('approve');
    expect(approved).toMatchObject({ state: 'held', approvals: [{ code: 'fraud', by: 'mia', why: 'known customer' }] });
    expect(releaseStep(approved, 'fraud', 'mia', policy)).toBe('wait');
    expect(releaseStep(approved, 'fraud', 'ben', policy)).toBe('release');
  });

  test("up to the value, in another currency, for other codes, and of a person's own hold one person releases", () => {
    const held = received(order(), [risky]);
    const own = after(received(), { kind: 'hold-placed', hold: { code: 'manual', reason: 'call' }, by: 'mia' }).case;
    const other = (given: object) => approvalPolicySchema.parse(given);

    expect(releaseStep(held, 'all', 'mia', other({ twoPeopleAbove: { EUR: '34.90' } }))).toBe('release');
    expect(releaseStep(held, 'all', 'mia', other({ twoPeopleAbove: { USD: '1.00' } }))).toBe('release');
    expect(releaseStep(held, 'all', 'mia', other({ twoPeopleAbove: { EUR: '30.00' }, codes: ['payment'] }))).toBe('release');
    expect(releaseStep(own, 'all', 'mia', policy)).toBe('release');
  });

  test('an approval counts for what was found then, and not for another finding', () => {
    const approved = after(received(order(), [risky]), { kind: 'release-approved', code: 'all', by: 'mia', reason: 'known' }).case;
    const worse = after(approved, { kind: 'rechecked', holds: [{ code: 'fraud', reason: 'four orders in an hour' }] }).case;
    expect(releaseStep(worse, 'fraud', 'ben', policy)).toBe('approve');
  });
});

describe('a condition of a rule', () => {
  const given = { channel: 'shop', order: order({ class: 'business', requestedService: 'express' }), tags: { fragile: ['LAMP'] } };

  test('is met when all that it says is so, of a list any', () => {
    const condition = {
      channels: ['shop', 'b2b'],
      classes: ['business' as const],
      countries: ['DE'],
      services: ['express'],
      tags: ['fragile'],
      totalFrom: { EUR: '34.90' },
    };
    expect(isMeant(condition, given)).toBe(true);
    expect(isMeant({}, given)).toBe(true);
  });

  test.each([
    [{ channels: ['b2b'] }],
    [{ classes: ['consumer' as const] }],
    [{ countries: ['FR'] }],
    [{ services: ['standard'] }],
    [{ skus: ['MUGS*'] }],
    [{ tags: ['hazmat'] }],
    [{ totalFrom: { EUR: '34.91' } }],
    [{ totalFrom: { USD: '1.00' } }],
  ])('is not met by %j', (condition) => {
    expect(isMeant(condition, given)).toBe(false);
  });
});

function check(more: Partial<ChannelOrder>, policy: Policy, given: Partial<CheckedOrder> = {}): Hold[] {
  return checkOrder({
    key: 'order-9',
    channel: 'shop',
    order: order(more),
    person,
    knownSkus: new Set(['MUG', 'LAMP']),
    others: [],
    tags: {},
    policy: checkPolicySchema.parse(policy),
    now: '2026-11-20T10:00:00.000Z',
    ...given,
  });
}

function codes(holds: readonly Hold[]): string[] {
  return holds.map((hold) => hold.code);
}

function fail(): never {
  throw new Error('the sample has an address');
}
