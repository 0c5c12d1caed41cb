import type { Channel, Instant, Sku } from '@quartermaster/domain';
import type { HttpEvent } from '../http.ts';
import type { FaultPlan } from '../sandbox/faults.ts';
import type { virtualClock } from '../sandbox/app.ts';

/** What a channel may have or lack, beyond reading orders, publishing stock and confirming shipments, which each must have. */
export const channelFeatures = [
  'stock-per-node',
  'compare-and-set',
  'partial-shipment',
  'unpaid-orders',
  'order-edits',
  'taxes-on-top',
  'taxes-included',
  'other-currencies',
  'acknowledge',
  'cancel',
  'partial-cancel',
  'refund',
  'capture',
  'returns',
  'listings',
  'listings-without-sku',
  'duplicate-skus',
  'webhooks',
  'signed-webhooks',
  'subscriptions',
] as const;
export type ChannelFeature = (typeof channelFeatures)[number];

/**
 * A channel with the shop behind it, for the conformance suite. `open` gives a fresh shop each time: SKU `MUG` at 1290 minor units and `TEA` at 450; of each 10 at node `BER` and, where the
 * channel keeps stock per node, 3 at node `PAR`. Nothing has been ordered.
 */
export type ChannelSubject = {
  /** The vendor, as in `docs/channels.md`. */
  readonly name: string;
  /** What the channel has not, each with the reason in a few words. Whatever is not here is held against the suite. */
  readonly lacks: Readonly<Partial<Record<ChannelFeature, string>>>;
  open(given?: SubjectGiven): Later<ChannelBench>;
};

export type SubjectGiven = {
  /** Default 2026-11-21T09:00:00Z. */
  readonly start?: Instant;
  /** Where the shop is, default Europe/Berlin; a channel whose times have no zone uses this one's. */
  readonly zone?: string;
  readonly currency?: string;
  /** Whether prices hold their tax, default true unless the channel has it otherwise only. */
  readonly taxesIncluded?: boolean;
  readonly faults?: FaultPlan;
};

export type ChannelBench = {
  readonly channel: Channel;
  readonly clock: ReturnType<typeof virtualClock>;
  /** Every exchange over the wire so far. */
  readonly exchanges: readonly HttpEvent[];
  /** Secrets and tokens of the connection: none may stand in a fault. */
  readonly secrets: readonly string[];
  readonly shop: BenchShop;
};

/** The other side of the wire: what customers and people of the shop do, and what can be seen there. */
export type BenchShop = {
  /** False where an order is taken on there without a name of ours; default true. */
  readonly keepsOurName?: boolean;
  /** Gives the order's id as the channel port says it. */
  placeOrder(order: BenchOrder): Later<string>;
  /** Changes something of an order that is no matter to anybody, such as a note. */
  touchOrder(orderId: string): Later<void>;
  /** Cancels the whole order at the shop. */
  cancelOrder(orderId: string): Later<void>;
  /** Takes units out of a line; only asked of shops with `order-edits`. */
  takeOut?(orderId: string, sku: Sku, units: number): Later<void>;
  /** Units that a customer can buy there now. */
  stockOf(sku: Sku, node: string): Later<number>;
  /** Somebody sets the stock at the shop. */
  setStock(sku: Sku, node: string, units: number): Later<void>;
  /** What the shop has been told of an order. */
  orderOf(orderId: string): Later<BenchOrderState>;
  requestReturn?(orderId: string, sku: Sku, units: number): Later<string>;
  /** Lists one thing more; without SKU where `sku` is null. */
  addListing?(listing: { readonly sku: Sku | null; readonly title: string }): Later<void>;
  /** Webhooks that wait to be delivered, as they go over the wire. */
  takeWebhooks?(how?: { readonly duplicate?: boolean; readonly reorder?: boolean; readonly seed?: number }): Later<readonly BenchWebhook[]>;
  /** Turns the shop's webhooks off as the vendor does after failed deliveries. */
  disableWebhooks?(): Later<void>;
};

export type BenchOrder = {
  readonly lines: readonly {
    readonly sku: Sku;
    readonly quantity: number;
    /** Off the whole line, minor units; default none. */
    readonly discount?: number;
    /** Tax of the whole line, minor units: in its price, or on top of it, as the shop has it; default none. */
    readonly tax?: number;
  }[];
  /** Default none. */
  readonly shipping?: number;
  /** Default true: an order that is not paid is placed and its money not secured. */
  readonly paid?: boolean;
  /** The money is authorized and waits to be captured; only asked of channels with `capture`. */
  readonly authorizedOnly?: boolean;
};

export type BenchOrderState = {
  readonly cancelled: boolean;
  /** Units by SKU that were cancelled one by one. */
  readonly cancelledUnits: Readonly<Record<Sku, number>>;
  readonly shipments: readonly { readonly trackingNumbers: readonly string[]; readonly units: Readonly<Record<Sku, number>> }[];
  /** Our name of the order, or its own id where the shop keeps none of ours; null until it is taken on. */
  readonly acknowledgedAs: string | null;
  /** One amount per refund, minor units. */
  readonly refunds: readonly number[];
  readonly captured: number;
};

export type BenchWebhook = { readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>> };

export type Later<Result> = Result | Promise<Result>;
