import { sandboxFetch, virtualClock, type SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { shopifyChannel } from './channel.ts';
import { createShopifySandbox } from './sandbox/index.ts';
import { origin, start, token, webhookSecret } from './testing/shop.ts';
import { expiringTokens, type ShopifyTokens } from './tokens.ts';

const oauthApp = { clientId: 'client', clientSecret: 'client-secret' };

function givenApp(
  options: {
    readonly stored?: 'offline' | 'none';
    /** The stored access token is not the one that the shop gave. */ readonly tampered?: boolean;
    readonly wrap?: (app: SandboxApp) => SandboxApp;
    readonly save?: () => Promise<void>;
  } = {},
) {
  const clock = virtualClock(start);
  const shop = createShopifySandbox({
    shop: 'acme',
    accessToken: token,
    webhookSecret,
    clock,
    currency: 'EUR',
    taxesIncluded: true,
    locations: [{ name: 'Berlin' }],
    oauthApp,
  });
  const saved: ShopifyTokens[] = [];
  const renewals: string[] = [];
  const fetch = sandboxFetch({ [origin]: (options.wrap ?? ((app) => app))(shop.app) });
  const accessToken = expiringTokens({
    shop: 'acme',
    ...oauthApp,
    stored: options.stored === 'none' ? null : { ...shop.installApp(), ...(options.tampered === true ? { accessToken: 'shpat_old' } : {}) },
    save: async (tokens) => {
      await options.save?.();
      saved.push(tokens);
    },
    clock,
    random: () => 0.5,
    fetch,
    onEvent: ({ operation, status }) => renewals.push(`${operation} ${status}`),
  });
  const channel = shopifyChannel({
    connection: 'acme-eu',
    shop: 'acme',
    accessToken,
    webhookSecret,
    locations: { BER: shop.locationIds['Berlin'] ?? '' },
    clock,
    random: () => 0.5,
    fetch,
  });
  return { clock, shop, channel, accessToken, saved, renewals };
}

test('a token that lasts is used as it is', async () => {
  const { channel, renewals } = givenApp();
  await channel.probe();
  expect(renewals).toEqual([]);
});

test('a token is renewed before it ends, once for all who ask at the same time', async () => {
  const { clock, accessToken, renewals } = givenApp();
  await clock.sleep(56 * 60_000);
  const given = await Promise.all([1, 2, 3].map(() => accessToken({ rejected: null })));
  expect(new Set(given).size).toBe(1);
  expect(renewals).toEqual(['tokens.renew 200']);
});

test('a token that the shop rejects is renewed, and the call is made again with the new one', async () => {
  const { channel, saved } = givenApp({ tampered: true });
  await channel.probe();
  expect(saved.map(({ accessToken }) => accessToken)).toEqual(['shpat_offline_2']);
});

test('a day of calls goes on with client credentials, each token saved before it is used', async () => {
  const { clock, channel, saved } = givenApp({ stored: 'none' });
  for (let hour = 0; hour < 30; hour++) {
    await channel.probe();
    await clock.sleep(3_600_000);
  }
  expect(saved.map(({ refreshToken }) => refreshToken)).toEqual([null, null]);
});

test('three days of calls go on with refresh tokens, each of which is saved', async () => {
  const { clock, channel, saved } = givenApp();
  for (let hour = 0; hour < 72; hour++) {
    await clock.sleep(3_600_000);
    await channel.probe();
  }
  expect(new Set(saved.map(({ refreshToken }) => refreshToken)).size).toBe(72);
});

test('a new token whose answer was lost is asked for again', async () => {
  let lost = 0;
  const wrap =
    (app: SandboxApp): SandboxApp =>
    async (request) => {
      const isRenewal = new URL(request.url).pathname.startsWith('/admin/oauth');
      const response = await app(request);
      if (isRenewal && lost++ === 0) throw new TypeError('fetch failed');
      return response;
    };
  const { clock, channel, renewals } = givenApp({ wrap });
  await clock.sleep(3_600_000);
  await channel.probe();
  expect(renewals).toEqual(['tokens.renew null', 'tokens.renew 200']);
});

test('nobody gets a token that could not be saved', async () => {
  const { clock, accessToken } = givenApp({ save: () => Promise.reject(new Error('disk full')) });
  await clock.sleep(3_600_000);
  await expect(accessToken({ rejected: null })).rejects.toThrow('disk full');
});

test('a renewal that fails is no harm while the token lasts', async () => {
  const { clock, accessToken } = givenApp({ save: () => Promise.reject(new Error('disk full')) });
  await clock.sleep(57 * 60_000);
  await expect(accessToken({ rejected: null })).resolves.toBe('shpat_offline_1');
});

test('an app that was put out is told so, and no secret is in what it is told', async () => {
  const { clock, channel } = givenApp();
  await clock.sleep(91 * 86_400_000);
  const fault: unknown = await channel.probe().catch((error: unknown) => error);
  expect(fault).toMatchObject({ code: 'unauthorized', facts: { operation: 'tokens.renew' } });
  expect(JSON.stringify(fault)).not.toMatch(/client-secret|shprt_|shpat_/);
});
