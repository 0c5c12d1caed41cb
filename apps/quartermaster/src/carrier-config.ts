import { connectionModeSchema, flowSettingsSchema } from '@quartermaster/flows';
import { z } from 'zod';
import { connectionSchema, mostAtOnceSchema, secretSchema } from './config-words.ts';

const settings = flowSettingsSchema.shape.carriers.element.shape;
const common = {
  connection: connectionSchema,
  mode: connectionModeSchema.default('observe'),
  name: z.string().min(1),
  /** What the optimizer expects a parcel to cost. */
  tariff: settings.tariff,
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
export const carrierSchema = z.discriminatedUnion('kind', [rateTable, manual, easypost, shipengine, ups, dhlExpress, dhlParcelDe]);
export type CarrierConfig = z.infer<typeof carrierSchema>;
