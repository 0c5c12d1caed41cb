import { connectionModeSchema, flowSettingsSchema } from '@quartermaster/flows';
import { callsPerHourOfNewApp } from '@quartermaster/usps';
import { z } from 'zod';
import { connectionSchema, mostAtOnceSchema, secretSchema } from './config-words.ts';

const settings = flowSettingsSchema.shape.carriers.element.shape;
const common = {
  connection: connectionSchema,
  mode: connectionModeSchema.default('observe'),
  name: z.string().min(1),
  /** What the optimizer expects a parcel to cost. */
  tariff: settings.tariff,
  /** When it fetches, carries and delivers; without it every day. */
  calendar: settings.calendar,
  labelFormat: settings.labelFormat,
  quotes: settings.quotes,
  mostAtOnce: mostAtOnceSchema.default(8),
};
/** Only for sandboxes, proxies and other regions; the vendor's own address otherwise. */
const baseUrl = z.url().optional();

const rateTable = z.strictObject({ kind: z.literal('rate-table'), ...common });

const manual = z.strictObject({ kind: z.literal('manual'), ...common });

const easypost = z.strictObject({
  kind: z.literal('easypost'),
  ...common,
  apiKey: secretSchema,
  webhookSecret: secretSchema.optional(),
  /** The account has SmartRate: ask it within how many days parcels arrive. */
  smartRate: z.boolean().default(false),
  baseUrl,
});

const shipEngineId = z.string().regex(/^se(-[a-z0-9]+)+$/, 'an id such as se-123456');

const shipengine = z.strictObject({
  kind: z.literal('shipengine'),
  ...common,
  apiKey: secretSchema,
  /** Carrier accounts to ask; none is all of them. */
  carrierIds: z.array(shipEngineId).default([]),
  /** ShipEngine's warehouse that parcels go from: only labels of a warehouse can be put on a manifest. */
  warehouseId: shipEngineId.optional(),
  insurance: z.enum(['carrier', 'shipsurance', 'third_party']).default('carrier'),
  baseUrl,
});

const side = z.int().positive();

const shippo = z.strictObject({
  kind: z.literal('shippo'),
  ...common,
  /** `shippo_live_…`, or `shippo_test_…` for sample labels. */
  apiKey: secretSchema,
  /** Shippo hands it out on request; without it no webhook is believed. */
  webhookSecret: secretSchema.optional(),
  /** Carrier accounts to ask, by their object ids; none is all of them. */
  carrierAccounts: z.array(z.string().regex(/^[0-9a-f]{32}$/, 'an object id of 32 digits and letters a to f')).default([]),
  /** Sides in millimetres, the longest first, of a parcel whose own are not known: Shippo rates none without. */
  usualBox: z.tuple([side, side, side]).optional(),
  baseUrl,
});

const ups = z.strictObject({
  kind: z.literal('ups'),
  ...common,
  /** Of an app in UPS's developer portal that is bound to the account. */
  clientId: secretSchema,
  clientSecret: secretSchema,
  accountNumber: z.string().regex(/^[A-Za-z0-9]{6}$/, 'six letters and digits'),
  /** What UPS's portal was told to send with every webhook; without it none is believed. */
  webhookCredential: secretSchema.optional(),
  baseUrl,
});

const fedex = z.strictObject({
  kind: z.literal('fedex'),
  ...common,
  /** API key and secret key of a project in FedEx's developer portal. */
  clientId: secretSchema,
  clientSecret: secretSchema,
  accountNumber: z.string().regex(/^\d{9}$/, 'nine digits'),
  /** Security token of the webhook's project in FedEx's portal; without it no webhook is believed. */
  webhookToken: secretSchema.optional(),
  baseUrl,
});

const dhlExpress = z.strictObject({
  kind: z.literal('dhl-express'),
  ...common,
  /** Of MyDHL API, as DHL's portal gives them; not those of MyDHL+. */
  username: secretSchema,
  password: secretSchema,
  accountNumber: z.string().regex(/^\d{1,12}$/, 'at most twelve digits'),
  /** Send invoices to the customs ahead instead of paper; the account must be set up for it. */
  paperlessTrade: z.boolean().default(false),
  baseUrl,
});

const sendcloud = z.strictObject({
  kind: z.literal('sendcloud'),
  ...common,
  /** Of an API integration in Sendcloud's panel. */
  publicKey: secretSchema,
  secretKey: secretSchema,
  /** Where the integration has a Webhook Signature Key of its own; else its webhooks are signed with the secret key. */
  webhookSecret: secretSchema.optional(),
  baseUrl,
});

const mailerId = z.string().regex(/^(\d{6}|\d{9})$/, 'six or nine digits');

const usps = z.strictObject({
  kind: z.literal('usps'),
  ...common,
  /** Of an app in USPS's developer portal. */
  clientId: secretSchema,
  clientSecret: secretSchema,
  /** Customer registration and mailer ids, from the Business Customer Gateway; one mailer id may be both. */
  crid: z.string().regex(/^\d{2,18}$/, '2 to 18 digits'),
  mid: mailerId,
  manifestMid: mailerId.optional(),
  /** Who pays for labels: an Enterprise Payment account, or a permit. */
  pays: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('EPS'), accountNumber: z.string().min(1) }),
    z.strictObject({ type: z.literal('PERMIT'), permitNumber: z.string().min(1), zipCode: z.string().regex(/^\d{5}$/, 'five digits') }),
  ]),
  /** Whether that account has prices of a contract. */
  contract: z.boolean().default(false),
  /** The app's quota, which USPS raises on request. */
  callsPerHour: z.int().min(2).default(callsPerHourOfNewApp),
  /** What a subscription to the tracking of the mailer id was made with; without it no webhook is believed. */
  webhookSecret: secretSchema.optional(),
  baseUrl,
});

const billingNumber = z.string().regex(/^\w{10}\d{2}\w{2}$/, 'a billing number of 14 characters');
const extraMinor = z.int().nonnegative().optional();

const dhlParcelDe = z.strictObject({
  kind: z.literal('dhl-parcel-de'),
  ...common,
  /** Of the business customer portal, best a system user. */
  user: secretSchema,
  password: secretSchema,
  /** Of an app in DHL's developer portal; with its secret the password grant is used. */
  apiKey: secretSchema,
  apiSecret: secretSchema.optional(),
  /** DHL's product, such as `V01PAK`, to the billing number that pays for it. */
  billingNumbers: z.record(z.string().regex(/^V\d\d[A-Z]+$/, 'a product such as V01PAK'), billingNumber),
  /** Pays for drivers on call; without it there are no pickups. */
  pickupBillingNumber: billingNumber.optional(),
  /** Country that a return comes from to the id of its receiver in the portal. */
  returnReceivers: z.record(z.string().regex(/^[A-Z]{2}$/, 'a country of two letters'), z.string().min(1)).default({}),
  /** What DHL asks for a service beside the parcel, in minor units; what has no price is not sold. */
  extraServices: z.strictObject({ signature: extraMinor, adultSignature: extraMinor, insurance: extraMinor }).default({}),
  profile: z.string().min(1).max(35).optional(),
  costCenter: z.string().min(1).max(50).optional(),
  printFormat: z.string().min(1).optional(),
  mustEncode: z.boolean().default(false),
  tellsRecipient: z.boolean().default(false),
  /** Track by Parcel DE Tracking rather than by Unified Tracking. */
  trackingUser: z.strictObject({ user: secretSchema, password: secretSchema }).optional(),
  baseUrl,
});

/** A carrier of the config: its kind says which connector, and which fields there are beside the common ones. */
export const carrierSchema = z.discriminatedUnion('kind', [
  rateTable,
  manual,
  easypost,
  shipengine,
  shippo,
  sendcloud,
  ups,
  usps,
  fedex,
  dhlExpress,
  dhlParcelDe,
]);
export type CarrierConfig = z.infer<typeof carrierSchema>;
