import { intentMemo, sandboxFetch, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { isFault } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { upsCarrier } from './index.ts';
import { account, ada, keys, origin, request } from './testing/account.ts';

test('one token serves every call, also those that begin at once', async () => {
  const { carrier, sandbox } = account();
  await Promise.all([1, 2, 3].map(() => carrier.rates({ ...request, currency: 'USD' })));
  await carrier.buy(request, intentMemo());
  expect(sandbox.snapshot().tokensGranted).toBe(1);
});

test('a token is renewed before it runs out', async () => {
  const { carrier, sandbox, clock } = account();
  await carrier.rates({ ...request, currency: 'USD' });
  await clock.sleep(4 * 3_600_000 - 200_000);
  await carrier.rates({ ...request, currency: 'USD' });
  expect(sandbox.snapshot().tokensGranted).toBe(2);
});

test('a token that UPS does not take any more is replaced once, and the call made again', async () => {
  const { carrier, sandbox, calls } = account({ faults: (call) => (call === 1 ? 'unauthorized' : null) });
  expect((await carrier.rates({ ...request, currency: 'USD' })).rates).not.toEqual([]);
  expect(sandbox.snapshot().tokensGranted).toBe(2);
  expect(calls.filter((call) => call.includes('/rating/'))).toHaveLength(2);
});

test('a purchase whose token is not taken is not sent a second time by itself, and surely made nothing', async () => {
  const { carrier, sandbox, calls } = account({ faults: (call) => (call === 2 ? 'unauthorized' : null) });
  await expect(carrier.buy(request, intentMemo())).rejects.toMatchObject({
    code: 'unauthorized',
    facts: { outcome: 'not-applied', retry: { kind: 'safely' } },
  });
  expect(calls.filter((call) => call.endsWith('/ship'))).toHaveLength(1);
  await carrier.buy(request, intentMemo());
  expect(sandbox.snapshot().labels).toHaveLength(1);
});

test('a purchase is sent once, whatever comes back', async () => {
  const { carrier, calls } = account({ sandbox: { trouble: () => 'failed' } });
  await expect(carrier.buy(request, intentMemo())).rejects.toMatchObject({
    code: 'server-error',
    facts: { outcome: 'unknown', vendorCode: '120001' },
  });
  expect(calls.filter((call) => call.endsWith('/ship'))).toHaveLength(1);
});

test('a refusal because of too many calls that is not in UPS’s words leaves a purchase in doubt', async () => {
  const { carrier } = account({ faults: (call) => (call === 2 ? 'rate-limited' : null) });
  await expect(carrier.buy(request, intentMemo())).rejects.toMatchObject({ code: 'rate-limited', facts: { outcome: 'unknown' } });
});

test('wrong keys are told as such, without the keys', async () => {
  const { carrier } = account({ carrier: { clientSecret: 'another-secret' } });
  const fault = await carrier.probe().catch((error: unknown) => error);
  expect(isFault(fault) && [fault.code, JSON.stringify(fault).includes('another-secret')]).toEqual(['unauthorized', false]);
});

test('the test environment is named as a problem', async () => {
  const { sandbox } = account();
  const carrier = upsCarrier({
    connection: 'ups',
    ...keys,
    currency: 'USD',
    zone: 'UTC',
    baseUrl: 'https://wwwcie.ups.com',
    clock: virtualClock('2026-11-23T14:00:00.000Z'),
    fetch: sandboxFetch({ 'https://wwwcie.ups.com': sandbox.app }),
  });
  expect((await carrier.probe()).problems).toHaveLength(1);
});

test('what UPS says of a person does not get into a fault', async () => {
  const carrier = upsCarrier({
    connection: 'ups',
    ...keys,
    currency: 'USD',
    zone: 'UTC',
    baseUrl: origin,
    clock: virtualClock('2026-11-23T14:00:00.000Z'),
    fetch: sandboxFetch({
      [origin]: async ({ url }) =>
        url.endsWith('/token')
          ? Response.json({ access_token: 'token-1', expires_in: '14399' })
          : Response.json(
              { response: { errors: [{ code: '111286', message: `ADA LOVELACE, ${ada.lines[0]} is no address (token-1)` }] } },
              { status: 400 },
            ),
    }),
  });
  const { problems } = await carrier.rates({ ...request, currency: 'USD' });
  const fault = await carrier.buy(request, intentMemo()).catch((error: unknown) => error);
  expect(`${problems.join()} ${JSON.stringify(fault)}`).not.toMatch(/lovelace|harbor|token-1/i);
  expect(problems).toEqual([expect.stringContaining('111286')]);
});

test('an account number that is none is told at once', () => {
  expect(() => account({ carrier: { accountNumber: '12' } })).toThrow(RangeError);
});
