import { memoryRateLimiter } from '@quartermaster/connector-kit';
import { epochMs, instantOf, isFault } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { bucketOfQuota, ebayBucketName, ebayBuckets } from './limits.ts';
import { givenSeller, keyset, pullAll, start } from './testing/seller.ts';

test('however many calls wait for a token, it is asked for once', async () => {
  const { channel, calls } = givenSeller();
  await Promise.all(Array.from({ length: 20 }, () => channel.getOrder('10-00001-00001')));
  expect(calls.filter((call) => call === 'token.refresh')).toHaveLength(1);
});

test('a token is renewed before it runs out, and not more often', async () => {
  const { channel, clock, calls } = givenSeller();
  for (let minutes = 0; minutes < 24 * 60; minutes += 10) {
    await channel.getOrder('10-00001-00001');
    await clock.sleep(600_000);
  }
  expect([calls.filter((call) => call === 'token.refresh').length, calls.filter((call) => call === 'orders.read').length]).toEqual([
    12, 144,
  ]);
});

test('a token that eBay takes back is renewed once, and the call is made', async () => {
  let revoked = 0;
  const { channel, calls } = givenSeller({}, {}, (app) => async (request) => {
    if (request.url.includes('/order/') && revoked++ === 0)
      return Response.json({ errors: [{ errorId: 1001, message: 'Invalid access token' }] }, { status: 401 });
    return app(request);
  });
  expect(await channel.getOrder('10-00001-00001')).toBeNull();
  expect(calls).toEqual(['token.refresh', 'orders.read', 'token.refresh', 'orders.read']);
});

test('a grant that the seller took back says so, and holds no secret', async () => {
  const { channel } = givenSeller({}, { refreshToken: 'v^1.1#refresh#taken-back' });
  const fault = await channel.getOrder('10-00001-00001').catch((error: unknown) => error);
  expect(isFault(fault) && [fault.code, fault.facts.vendorCode]).toEqual(['unauthorized', 'invalid_grant']);
  expect(JSON.stringify(fault)).not.toContain('taken-back');
});

test('with a quota of the day no call is refused for rate, and nine tenths of it are used', async () => {
  const quota = 1_200;
  const { ebay, channel, clock } = givenSeller({ quotas: { fulfillment: quota } }, (defaults) => ({
    ...defaults,
    limiter: memoryRateLimiter(
      { ...ebayBuckets(keyset.clientId), [ebayBucketName(keyset.clientId, 'fulfillment')]: bucketOfQuota(quota) },
      defaults.clock ?? clock,
    ),
  }));
  const day = epochMs(start) + 86_400_000;
  let calls = 0;
  while (epochMs(clock.now()) < day) {
    await channel.getOrder('10-00001-00001');
    calls++;
  }
  expect(ebay.calls()['fulfillment']).toBeLessThanOrEqual(quota);
  expect(calls).toBeGreaterThan(quota * 0.9);
});

test('a probe takes over what eBay grants, so that the last calls of a day are spread over the rest of it', async () => {
  const { ebay, channel, clock } = givenSeller({ quotas: { fulfillment: 400 } });
  await channel.probe();
  const begun = epochMs(clock.now());
  for (let nth = 0; nth < 120; nth++) await channel.getOrder('10-00001-00001');
  expect(ebay.calls()['fulfillment']).toBe(121);
  expect(epochMs(clock.now()) - begun).toBeGreaterThan(3_600_000);
});

test('a probe names locations that are not there, missing scopes and a missing key', async () => {
  const { channel } = givenSeller({ locations: ['berlin'] }, ({ signingKey: _signingKey, ...others }) => others);
  const unscoped = givenSeller({ scopes: ['https://api.ebay.com/oauth/api_scope/sell.fulfillment'] });
  expect((await channel.probe()).problems).toEqual([
    'node PAR: eBay has no location paris',
    'no signing key: eBay refuses refunds and cancellations of sellers on EBAY_DE that are not signed',
  ]);
  expect((await unscoped.channel.probe()).problems).toEqual(['missing scope: sell.inventory']);
});

test('a call that eBay throttles waits, and is made', async () => {
  let throttled = 0;
  const { channel, clock } = givenSeller(
    {},
    {},
    (app) => async (request) =>
      request.url.includes('/order') && throttled++ === 0
        ? Response.json({ errors: [{ errorId: 2001, message: 'Too many requests.' }] }, { status: 429 })
        : app(request),
  );
  expect((await pullAll(channel)).orders).toEqual([]);
  expect(clock.now() >= instantOf(epochMs(start) + 30_000)).toBe(true);
});
