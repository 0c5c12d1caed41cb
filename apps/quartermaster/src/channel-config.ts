import { amazonRetentionDays } from '@quartermaster/amazon';
import { connectionModeSchema } from '@quartermaster/flows';
import { z } from 'zod';
import { connectionSchema, mostAtOnceSchema, secretSchema } from './config-words.ts';

const common = {
  connection: connectionSchema,
  mode: connectionModeSchema.default('observe'),
  share: z.number().nonnegative().default(1),
  notifyCustomer: z.boolean().default(false),
  /** Tell the channel of every order that we take it on. By default where it waits for that. */
  acknowledge: z.boolean().default(true),
  /** So many days after all orders of a person ended, the person is forgotten; null: never. */
  forgetAfterDays: z.int().min(1).nullable().default(null),
  /** Read no further while so many of its orders wait for a wave, or so many writes for their turn. */
  mostWaiting: z.int().positive().default(10_000),
  mostAtOnce: mostAtOnceSchema.default(8),
};

/** Of channels that only keep our name with an order: it costs a call for each order (Amazon: a feed, one every two minutes), and where it changes the order, that is read again. */
const namedOnly = { ...common, acknowledge: z.boolean().default(false) };

/** What the channel calls each of our nodes. */
const places = z.record(z.string(), z.string().min(1));
/** Only for sandboxes and proxies; the vendor's own address otherwise. */
const origin = z.url().optional();

const shopify = z.strictObject({
  kind: z.literal('shopify'),
  ...namedOnly,
  shop: z.string().min(1),
  origin,
  accessToken: secretSchema,
  webhookSecret: secretSchema,
  locations: places,
});

const wooCommerce = z.strictObject({
  kind: z.literal('woocommerce'),
  ...namedOnly,
  /** The shop's address. */
  url: z.url(),
  consumerKey: secretSchema,
  consumerSecret: secretSchema,
  webhookSecret: secretSchema,
  /** Over https, `query` for hosts that strip the `Authorization` header. */
  keyTransport: z.enum(['basic', 'query']).default('basic'),
  /** Whether the shop has the feature `fulfillments` on. */
  fulfillments: z.boolean().default(false),
  /** False only records a refund, and somebody pays by hand. */
  refundThroughGateway: z.boolean().default(true),
});

const amazon = z.strictObject({
  kind: z.literal('amazon'),
  ...namedOnly,
  /** Amazon's data protection policy allows 30 days after the shipment. */
  forgetAfterDays: z.int().min(1).nullable().default(amazonRetentionDays),
  region: z.enum(['na', 'eu', 'fe']),
  sellerId: z.string().min(1),
  marketplaceIds: z.array(z.string().min(1)).min(1),
  clientId: z.string().min(1),
  clientSecret: secretSchema,
  refreshToken: secretSchema,
  /** Amazon's supply source of each node that is one. */
  supplySources: places.default({}),
  /** Values of the `authorization` header by which deliveries of notifications are known. */
  notificationAuthorizations: z.array(secretSchema).default([]),
  /** The SQS queue that Amazon delivers notifications to, and an AWS user that may read it. */
  notificationQueue: z.strictObject({ url: z.url(), accessKeyId: z.string().min(1), secretAccessKey: secretSchema }).optional(),
  origin,
  loginOrigin: origin,
});

const ebay = z.strictObject({
  kind: z.literal('ebay'),
  ...common,
  /** Where the seller sells, such as `EBAY_DE`. */
  marketplace: z.string().regex(/^EBAY_[A-Z_]+$/, 'such as EBAY_DE'),
  clientId: z.string().min(1),
  clientSecret: secretSchema,
  refreshToken: secretSchema,
  /** Without it all nodes have one figure together. */
  locations: places.optional(),
  /** From the Key Management API: refunds and cancellations of sellers in the EU and the UK need it. */
  signingKey: z.strictObject({ jwe: secretSchema, privateKey: secretSchema }).optional(),
  verificationToken: secretSchema.optional(),
  alertEmail: z.email().optional(),
  origin,
});

const walmart = z.strictObject({
  kind: z.literal('walmart'),
  ...common,
  clientId: z.string().min(1),
  clientSecret: secretSchema,
  /** Without it all nodes have one figure together. */
  shipNodes: places.optional(),
  /** Walmart's carrier words by our carrier names, where its list has others than we know. */
  carriers: places.default({}),
  webhookSecret: secretSchema.optional(),
  origin,
});

const mirakl = z.strictObject({
  kind: z.literal('mirakl'),
  ...common,
  /** The operator's instance. */
  url: z.url(),
  apiKey: secretSchema,
  /** Which shop, where the key's user has several. */
  shopId: z.int().positive().optional(),
  /** Without it all nodes have one figure together. */
  warehouses: places.optional(),
  /** The operator's carrier codes by our carrier names. */
  carriers: places.default({}),
  /** Whether the platform takes several shipments per order. */
  partialShipments: z.boolean().default(true),
});

const vendure = z.strictObject({
  kind: z.literal('vendure'),
  ...namedOnly,
  /** The Admin API's, such as `https://shop.example/admin-api`. */
  url: z.url(),
  token: secretSchema,
  /** How the shop takes the token: an API key, or the token of a session. */
  tokenMethod: z.enum(['api-key', 'bearer']).default('api-key'),
  /** Of one of the shop's channels; its default channel otherwise. */
  channelToken: z.string().min(1).optional(),
  stockLocations: places,
});

const files = z.strictObject({
  kind: z.literal('files'),
  ...common,
  /** Who the partner is, for people. */
  partner: z.string().min(1),
  /** The folder, relative to the config's own. */
  directory: z.string().min(1),
  /** The partner's names of our nodes, where it keeps stock for each of them. */
  warehouses: places.optional(),
  writes: z.enum(['json', 'csv']).default('json'),
  stockFiles: z.enum(['changes', 'whole']).default('changes'),
  itemFiles: z.boolean().default(true),
  whenRead: z.enum(['stay', 'move']).default('stay'),
});

/** A channel of the config, by its kind. */
export const channelSchema = z.discriminatedUnion('kind', [shopify, wooCommerce, amazon, ebay, walmart, mirakl, vendure, files]);
export type ChannelConfig = z.infer<typeof channelSchema>;
