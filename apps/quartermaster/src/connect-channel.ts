import { amazonBuckets, amazonChannel } from '@quartermaster/amazon';
import { callGate, type CallGate, type RateLimiter } from '@quartermaster/connector-kit';
import type { Channel } from '@quartermaster/domain';
import { ebayBuckets, ebayChannel } from '@quartermaster/ebay';
import { filesChannel, localDirectory } from '@quartermaster/files';
import { miraklBuckets, miraklChannel } from '@quartermaster/mirakl';
import { shopifyBucketName, shopifyChannel, shopifyPlans } from '@quartermaster/shopify';
import { vendureBucket, vendureBucketName, vendureChannel } from '@quartermaster/vendure';
import { walmartChannel, walmartRateBuckets } from '@quartermaster/walmart';
import { wooCommerceBucket, wooCommerceBucketName, wooCommerceChannel } from '@quartermaster/woocommerce';
import type { ChannelConfig } from './channel-config.ts';
import type { SecretSource } from './config-words.ts';
import type { LimiterOf, RevisionsOf, Time } from './connect-words.ts';

/** Gives the secret that a field of this channel points to. */
export type ChannelSecret = (source: SecretSource, field: string) => string;

/** Makes the connector of a channel of the config. Nothing is sent yet. */
export function connectChannel(
  config: ChannelConfig,
  secret: ChannelSecret,
  time: Time,
  limiterOf: LimiterOf,
  revisionsOf?: RevisionsOf,
): Channel {
  const { connection } = config;
  const reaching = (
    buckets: Parameters<LimiterOf>[0],
  ): Time & { readonly connection: string; readonly limiter: RateLimiter; readonly gate: CallGate } => ({
    connection,
    limiter: limiterOf(buckets),
    gate: callGate(config.mostAtOnce),
    ...time,
  });
  switch (config.kind) {
    case 'shopify':
      return shopifyChannel({
        ...reaching({ [shopifyBucketName(connection)]: shopifyPlans.standard }),
        shop: config.shop,
        accessToken: secret(config.accessToken, 'accessToken'),
        webhookSecret: secret(config.webhookSecret, 'webhookSecret'),
        locations: config.locations,
        ...(config.origin === undefined ? {} : { origin: config.origin }),
      });
    case 'woocommerce':
      return wooCommerceChannel({
        ...reaching({ [wooCommerceBucketName(connection)]: wooCommerceBucket }),
        origin: config.url,
        consumerKey: secret(config.consumerKey, 'consumerKey'),
        consumerSecret: secret(config.consumerSecret, 'consumerSecret'),
        webhookSecret: secret(config.webhookSecret, 'webhookSecret'),
        keyTransport: config.keyTransport,
        fulfillments: config.fulfillments,
        refundThroughGateway: config.refundThroughGateway,
      });
    case 'amazon':
      return amazonChannel({
        ...reaching(amazonBuckets(connection)),
        region: config.region,
        sellerId: config.sellerId,
        marketplaceIds: config.marketplaceIds,
        credentials: {
          clientId: config.clientId,
          clientSecret: secret(config.clientSecret, 'clientSecret'),
          refreshToken: secret(config.refreshToken, 'refreshToken'),
        },
        supplySources: config.supplySources,
        notificationAuthorizations: config.notificationAuthorizations.map((one, index) =>
          secret(one, `notificationAuthorizations[${index}]`),
        ),
        ...(config.origin === undefined ? {} : { origin: config.origin }),
        ...(config.loginOrigin === undefined ? {} : { loginOrigin: config.loginOrigin }),
      });
    case 'ebay':
      return ebayChannel({
        ...reaching(ebayBuckets(config.clientId)),
        ...(revisionsOf === undefined ? {} : { revisionBudget: revisionsOf(connection) }),
        marketplace: config.marketplace,
        clientId: config.clientId,
        clientSecret: secret(config.clientSecret, 'clientSecret'),
        refreshToken: secret(config.refreshToken, 'refreshToken'),
        ...(config.locations === undefined ? {} : { locations: config.locations }),
        ...(config.signingKey === undefined
          ? {}
          : {
              signingKey: {
                jwe: secret(config.signingKey.jwe, 'signingKey.jwe'),
                privateKey: secret(config.signingKey.privateKey, 'signingKey.privateKey'),
              },
            }),
        ...(config.verificationToken === undefined ? {} : { verificationToken: secret(config.verificationToken, 'verificationToken') }),
        ...(config.alertEmail === undefined ? {} : { alertEmail: config.alertEmail }),
        ...(config.origin === undefined ? {} : { origin: config.origin }),
      });
    case 'walmart':
      return walmartChannel({
        ...reaching(walmartRateBuckets(config.clientId)),
        clientId: config.clientId,
        clientSecret: secret(config.clientSecret, 'clientSecret'),
        carriers: config.carriers,
        ...(config.shipNodes === undefined ? {} : { shipNodes: config.shipNodes }),
        ...(config.webhookSecret === undefined ? {} : { webhookSecret: secret(config.webhookSecret, 'webhookSecret') }),
        ...(config.origin === undefined ? {} : { origin: config.origin }),
      });
    case 'mirakl': {
      const apiKey = secret(config.apiKey, 'apiKey');
      return miraklChannel({
        ...reaching(miraklBuckets(config.url, apiKey, config.shopId ?? null)),
        origin: config.url,
        apiKey,
        carriers: config.carriers,
        partialShipments: config.partialShipments,
        ...(config.shopId === undefined ? {} : { shopId: config.shopId }),
        ...(config.warehouses === undefined ? {} : { warehouses: config.warehouses }),
      });
    }
    case 'vendure':
      return vendureChannel({
        ...reaching({ [vendureBucketName(connection)]: vendureBucket }),
        url: config.url,
        token: secret(config.token, 'token'),
        tokenMethod: config.tokenMethod,
        stockLocations: config.stockLocations,
        ...(config.channelToken === undefined ? {} : { channelToken: config.channelToken }),
      });
    case 'files':
      return filesChannel({
        connection,
        ...time,
        partner: config.partner,
        directory: localDirectory(config.directory),
        warehouses: config.warehouses ?? null,
        writes: config.writes,
        stockFiles: config.stockFiles,
        itemFiles: config.itemFiles,
        whenRead: config.whenRead,
      });
  }
}
