import { intentMemo, sandboxFetch, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { epochMs, isFault } from '@quartermaster/domain';
import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { amazonChannel, type AmazonChannelOptions } from './channel.ts';
import { apiOrigin, credentials, germany, loginOrigin, sellerId, start } from './testing/shop.ts';

const orderPath = '/orders/2026-01-01/orders/028-1234567-8901234';
const participations = '/sellers/v1/marketplaceParticipations';
const nobody = { payload: [] };
const denied = (details: string) => ({ errors: [{ code: 'Unauthorized', message: 'Access to requested resource is denied.', details }] });

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

function givenChannel(options: Partial<AmazonChannelOptions> = {}) {
  const clock = virtualClock(start);
  const account = { connection: 'acme-de', region: 'eu', sellerId, marketplaceIds: [germany], credentials } as const;
  const channel = amazonChannel({ ...account, clock, random: () => 0.5, ...options });
  return { channel, clock };
}

/** Login gives the tokens `Atza|1`, `Atza|2` and so on, each for an hour; the forms that it was sent are kept. */
function givenLogin() {
  const forms: URLSearchParams[] = [];
  const login = sandboxFetch({
    [loginOrigin]: async (request) => {
      forms.push(new URLSearchParams(await request.text()));
      return Response.json({ access_token: `Atza|${forms.length}`, expires_in: 3_600 });
    },
  });
  const fetching: typeof fetch = (input, init) =>
    new Request(input).url.startsWith(loginOrigin) ? login(input, init) : fetch(input, init);
  return { forms, fetch: fetching };
}

test('one token is asked for, however many calls want one at once', async () => {
  const { forms, fetch } = givenLogin();
  const { channel } = givenChannel({ fetch });
  nock(apiOrigin, { reqheaders: { 'x-amz-access-token': 'Atza|1' } })
    .get(participations)
    .times(5)
    .reply(200, nobody);
  await Promise.all([1, 2, 3, 4, 5].map(() => channel.probe()));
  expect(forms.map((form) => form.get('grant_type'))).toEqual(['refresh_token']);
});

test('a token is renewed before it ends, so that none ends on its way', async () => {
  const { forms, fetch } = givenLogin();
  const { channel, clock } = givenChannel({ fetch });
  nock(apiOrigin).get(participations).times(3).reply(200, nobody);
  await channel.probe();
  clock.advanceTo('2026-11-21T09:57:59.000Z');
  await channel.probe();
  clock.advanceTo('2026-11-21T09:58:01.000Z');
  await channel.probe();
  expect(forms.length).toBe(2);
});

test('a token that Amazon ended earlier is replaced once, though Amazon says 403', async () => {
  const { channel } = givenChannel({ fetch: givenLogin().fetch });
  nock(apiOrigin, { reqheaders: { 'x-amz-access-token': 'Atza|1' } })
    .get(participations)
    .reply(403, denied('The access token you provided has expired.'));
  nock(apiOrigin, { reqheaders: { 'x-amz-access-token': 'Atza|2' } })
    .get(participations)
    .reply(200, nobody);
  expect(await channel.probe()).toMatchObject({ account: sellerId });
});

test('a role that is missing is told as such, and no token is asked for again', async () => {
  const { forms, fetch } = givenLogin();
  const { channel } = givenChannel({ fetch });
  nock(apiOrigin).get(participations).reply(403, denied(''));
  await expect(channel.probe()).rejects.toMatchObject({ code: 'forbidden', facts: { vendorCode: 'Unauthorized' } });
  expect(forms.length).toBe(1);
});

test('a consent that the seller took back is told as one, without a secret', async () => {
  const { channel } = givenChannel();
  nock(loginOrigin)
    .post('/auth/o2/token')
    .reply(400, { error: 'invalid_grant', error_description: `no such ${credentials.refreshToken}` });
  const fault: unknown = await channel.probe().catch((error: unknown) => error);
  expect(fault).toMatchObject({ code: 'unauthorized', facts: { vendorCode: 'invalid_grant', retry: { kind: 'never' } } });
  expect(JSON.stringify(fault)).not.toContain(credentials.refreshToken);
});

test('who is over his quota waits for as long as one call takes to come back, since Amazon does not say', async () => {
  const { channel } = givenChannel({ fetch: givenLogin().fetch });
  nock(apiOrigin)
    .get('/orders/2026-01-01/orders')
    .query(true)
    .reply(429, { errors: [{ code: 'QuotaExceeded', message: 'You exceeded your quota for the requested resource.' }] });
  const pull = async () => {
    for await (const page of channel.pullOrders(channel.cursorAt(start))) return page;
    return null;
  };
  const fault: unknown = await pull().catch((error: unknown) => error);
  expect(isFault(fault) && [fault.code, fault.facts.retry]).toEqual(['rate-limited', { kind: 'after', ms: 178_572 }]);
});

test('a rate that Amazon gives this seller is the one that is kept', async () => {
  const { channel, clock } = givenChannel({ fetch: givenLogin().fetch });
  nock(apiOrigin)
    .get(orderPath)
    .query(true)
    .times(32)
    .reply(404, { errors: [{ code: 'NotFound', message: 'no order' }] }, { 'x-amzn-RateLimit-Limit': '0.1' });
  for (let nth = 0; nth < 32; nth++) await channel.getOrder('028-1234567-8901234');
  expect(epochMs(clock.now()) - epochMs(start)).toBeGreaterThanOrEqual(19_000);
});

test('a fault carries the id of the request and what Amazon said, but no token that it quotes', async () => {
  const { channel } = givenChannel({ attempts: 1, fetch: givenLogin().fetch });
  nock(apiOrigin)
    .get(participations)
    .reply(400, { errors: [{ code: 'InvalidInput', message: 'token Atza|1 is strange' }] }, { 'x-amzn-RequestId': 'r-7' });
  const fault: unknown = await channel.probe().catch((error: unknown) => error);
  expect(fault).toMatchObject({ code: 'invalid-request', facts: { requestId: 'r-7', vendorCode: 'InvalidInput', outcome: 'not-applied' } });
  expect(JSON.stringify(fault)).not.toContain('Atza|1');
});

test('a SKU is a part of the path, whatever is in it', async () => {
  const { channel } = givenChannel({ fetch: givenLogin().fetch });
  const sku = 'A/B #1%,ü';
  const listing = { sku, fulfillmentAvailability: [{ fulfillmentChannelCode: 'DEFAULT', quantity: 3 }] };
  nock(apiOrigin)
    .get(`/listings/2021-08-01/items/${sellerId}/${encodeURIComponent(sku)}`)
    .query(true)
    .reply(200, listing);
  expect(await channel.pushStock([{ sku, node: '*', available: 3, expected: null }], intentMemo())).toEqual([{ kind: 'set' }]);
});
