import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { isFault } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { uspsBuckets } from './limits.ts';
import { account, keys, postage, request } from './testing/account.ts';
import { rolesOf } from './tokens.ts';

describe('tokens', () => {
  test('are asked for once, however many wait for them', async () => {
    const { carrier, sandbox } = account({ sandbox: { callsPerHour: 600 }, carrier: { callsPerHour: 600 } });
    await Promise.all([1, 2, 3].map((nth) => carrier.buy(request, intentMemo(`intent-${nth}`))));
    expect(sandbox.snapshot()).toMatchObject({ tokensGranted: 1, paymentsAuthorized: 1 });
  });

  test('are renewed before they run out, so that no call is refused for it', async () => {
    const { calls, carrier, clock } = account();
    await carrier.buy(request, intentMemo('intent-1'));
    await clock.sleep(8 * 3_600_000 + 60_000);
    await carrier.buy(request, intentMemo('intent-2'));
    expect(calls.filter(({ status }) => status === 401)).toEqual([]);
  });

  test('that USPS does not take any more are both renewed, and a reading goes on', async () => {
    const given = { refuse: false };
    const { carrier, sandbox } = account({
      faults: (_, { url }) => {
        const refuses = given.refuse && url.includes('/label-reprint/');
        if (refuses) given.refuse = false;
        return refuses ? 'unauthorized' : null;
      },
    });
    const label = await carrier.buy(request, intentMemo());
    given.refuse = true;
    await expect(carrier.documents?.(label, 'zpl')).resolves.toMatchObject({ format: 'zpl' });
    expect(sandbox.snapshot()).toMatchObject({ tokensGranted: 2, paymentsAuthorized: 2 });
  });

  test('that nobody gives are a matter of the keys, told without them', async () => {
    const { carrier } = account({ sandbox: { clientSecret: 'another' } });
    const error: unknown = await carrier.probe().catch((thrown: unknown) => thrown);
    expect(isFault(error) && [error.code, error.facts.outcome, error.facts.retry]).toEqual([
      'unauthorized',
      'not-applied',
      { kind: 'never' },
    ]);
    expect(String(error)).not.toContain(keys.clientSecret);
  });

  test('are asked for anew by a probe, and name an account that does not pay', async () => {
    const { carrier, sandbox } = account();
    await carrier.probe();
    await carrier.probe();
    expect(sandbox.snapshot()).toMatchObject({ tokensGranted: 2, paymentsAuthorized: 2 });
    const other = account({ carrier: { account: { ...postage, pays: { type: 'EPS', accountNumber: '1' } } } });
    const error: unknown = await other.carrier.probe().catch((thrown: unknown) => thrown);
    expect(isFault(error) && error.facts.vendorCode).toBe('100001');
  });
});

test('a permit pays as an account does, and a contract holds the rates', () => {
  expect(rolesOf({ ...postage, hasContract: true, pays: { type: 'PERMIT', permitNumber: '77', zipCode: '60601' } })).toEqual([
    {
      roleName: 'PAYER',
      CRID: '12345678',
      MID: '899000067',
      manifestMID: '899000068',
      accountType: 'PERMIT',
      permitNumber: '77',
      permitZIP: '60601',
    },
    { roleName: 'LABEL_OWNER', CRID: '12345678', MID: '899000067', manifestMID: '899000068' },
    {
      roleName: 'RATE_HOLDER',
      CRID: '12345678',
      MID: '899000067',
      manifestMID: '899000068',
      accountType: 'PERMIT',
      permitNumber: '77',
      permitZIP: '60601',
    },
  ]);
});

test.each([
  ['a customer registration of letters', { crid: 'ACME' }],
  ['a mailer id of seven digits', { mid: '8990006' }],
])('an account with %s is none', (_, wrong) => {
  expect(() => account({ carrier: { account: { ...postage, ...wrong } } })).toThrow(RangeError);
});

describe('the quota', () => {
  test('of sixty calls an hour is kept, whatever there is to do', async () => {
    const { calls, carrier, clock, sandbox } = account();
    const began = Date.parse(clock.now());
    const { trackingNumber } = await carrier.buy(request, intentMemo());
    await carrier.tracking?.track(Array.from({ length: 150 }, () => trackingNumber));
    expect([calls.length > 150, sandbox.snapshot().callsRefused]).toEqual([true, 0]);
    expect(Date.parse(clock.now()) - began).toBeGreaterThan(2 * 3_600_000);
  });

  test.each([60, 61, 1_000, 100_000])('of %i calls an hour is used up and never passed within an hour', (callsPerHour) => {
    const { capacity = 0, perSecond = 0 } = uspsBuckets('usps', { callsPerHour })['usps/usps'] ?? {};
    expect(capacity + perSecond * 3_600).toBeCloseTo(callsPerHour);
    expect(capacity).toBeGreaterThanOrEqual(1);
  });

  test('of no calls is no quota', () => {
    expect(() => uspsBuckets('usps', { callsPerHour: 1 })).toThrow(RangeError);
  });

  test('that is used up by somebody else is waited for by readings, and told by a purchase', async () => {
    const { calls, carrier, sandbox } = account({ carrier: { callsPerHour: 6_000 } });
    const { trackingNumber } = await carrier.buy(request, intentMemo('intent-1'));
    await carrier.tracking?.track([trackingNumber, trackingNumber]);
    expect(calls.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429, 200]);
    const error: unknown = await Promise.all([2, 3, 4].map((nth) => carrier.buy(request, intentMemo(`intent-${nth}`)))).catch(
      (thrown: unknown) => thrown,
    );
    expect(isFault(error) && [error.code, error.facts.outcome, error.facts.retry.kind]).toEqual(['rate-limited', 'not-applied', 'after']);
    expect(sandbox.snapshot().callsRefused).toBeGreaterThan(1);
  });
});

test('a quota that somebody between us and USPS speaks of leaves a purchase in doubt', async () => {
  const { carrier } = account({ faults: (_, { url }) => (url.endsWith('/labels/v3/label') ? 'rate-limited' : null) });
  const error: unknown = await carrier.buy(request, intentMemo()).catch((thrown: unknown) => thrown);
  expect(isFault(error) && [error.code, error.facts.outcome]).toEqual(['rate-limited', 'unknown']);
});
