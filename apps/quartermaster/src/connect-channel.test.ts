import { memoryRateLimiter } from '@quartermaster/connector-kit';
import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { channelSchema } from './channel-config.ts';
import { connectChannel } from './connect-channel.ts';

const from = (env: string) => ({ env });

const written = {
  shopify: { shop: 'acme', accessToken: from('TOKEN'), webhookSecret: from('HOOK'), locations: { BER: '1' } },
  woocommerce: { url: 'https://shop.example', consumerKey: from('KEY'), consumerSecret: from('SECRET'), webhookSecret: from('HOOK') },
  amazon: {
    region: 'eu',
    sellerId: 'A1',
    marketplaceIds: ['A1PA6795UKMFR9'],
    clientId: 'app',
    clientSecret: from('SECRET'),
    refreshToken: from('REFRESH'),
  },
  ebay: { marketplace: 'EBAY_DE', clientId: 'app', clientSecret: from('SECRET'), refreshToken: from('REFRESH') },
  walmart: { clientId: 'app', clientSecret: from('SECRET') },
  mirakl: { url: 'https://acme.mirakl.example', apiKey: from('KEY') },
  vendure: { url: 'https://shop.example/admin-api', token: from('TOKEN'), stockLocations: { BER: '1' } },
  files: { partner: 'Example Retail', directory: '/var/lib/quartermaster/example' },
} as const;

test.each(Object.entries(written))(
  'a %s channel of the config becomes its connector, and only the secrets that it names are read',
  (kind, fields) => {
    const clock = virtualClock('2026-11-22T09:00:00Z');
    const read: string[] = [];
    const secret = (source: { readonly env: string } | { readonly file: string }) => {
      const name = 'env' in source ? source.env : source.file;
      read.push(name);
      return `secret-${name}`;
    };

    const config = channelSchema.parse({ kind, connection: 'shop-eu', ...fields });
    const channel = connectChannel(config, secret, { clock, random: () => 0.5 }, (buckets) => memoryRateLimiter(buckets, clock));

    const named: string[] = Object.values(fields).flatMap((value: unknown) =>
      typeof value === 'object' && value !== null && 'env' in value ? [String(value.env)] : [],
    );
    expect([channel.connection, config.mode, read.toSorted()]).toEqual(['shop-eu', 'observe', named.toSorted()]);
  },
);

test('a field that the kind does not have is refused by its name', () => {
  const parsed = channelSchema.safeParse({ kind: 'files', connection: 'shop-eu', ...written.files, shop: 'acme' });
  expect(parsed.error?.issues.map(({ message }) => message)).toEqual(['Unrecognized key: "shop"']);
});

test('a kind that nobody knows is refused with those that there are', () => {
  const parsed = channelSchema.safeParse({ kind: 'bazaar', connection: 'shop-eu' });
  expect(parsed.error?.issues[0]?.path).toEqual(['kind']);
});
