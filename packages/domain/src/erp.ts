import type { ConnectionId, NodeId, Scope, Sku } from './identity.ts';
import type { Instant } from './instant.ts';
import type { Money } from './money.ts';
import type { Address } from './person.ts';
import type { EffectMemo, Safety } from './safety.ts';
import type { KitComponent, StockPosition } from './stock.ts';

/**
 * The system of record: stock, sales orders and deliveries. Reads may be repeated at will; each effect says by {@link Erp.safety} how it is kept from happening twice.
 * Every method throws a `ConnectorFault` when the ERP cannot be reached, refuses, or answers nonsense.
 */
export type Erp = {
  readonly connection: ConnectionId;
  readonly safety: Readonly<Record<ErpEffect, Safety>>;
  /** Who we are there, which version it is, and what stands in the way of working with it. With `data` the notes name products whose data is wrong, too, which reads the whole catalogue. */
  probe(look?: { readonly data: boolean }): Promise<ErpProbe>;
  nodes(): Promise<ErpNode[]>;
  /** The products of these SKUs that the ERP knows; a SKU that is missing in the answer is unknown there. */
  products(skus: readonly Sku[]): Promise<ErpProduct[]>;
  /** Positions of these SKUs at these nodes, read together; a pair without stock may be missing. `skus: null` reads all. */
  stock(query: { readonly nodes: readonly NodeId[]; readonly skus: readonly Sku[] | null }): Promise<StockPosition[]>;
  findOrder(key: ErpOrderKey): Promise<ErpOrder | null>;
  /** The same of many at once, in the order in which they were asked for. */
  findOrders(keys: readonly ErpOrderKey[]): Promise<(ErpOrder | null)[]>;
  /** Orders that carry these references, whoever wrote them, by reference; cancelled ones are left out. Of those that are not ours the lines have no id of ours. */
  ordersNamed(references: readonly string[]): Promise<ReadonlyMap<string, readonly ErpOrder[]>>;
  /** Writes the order confirmed, with one delivery per node and one for the lines without a node. When it is there already it is only read: an order is never written over. */
  writeOrder(draft: ErpOrderDraft, memo: EffectMemo): Promise<ErpOrder>;
  /** Gives lines that waited without a node to a node now, in a delivery of their own. */
  allocate(request: ErpAllocation, memo: EffectMemo): Promise<ErpOrder>;
  /**
   * Takes what is still open of these lines back from the node: what is set aside for them is freed, their delivery loses them (it is cancelled when it had no others), and they wait without a node again.
   * Lines that wait already are left as they are. Throws `refused` where a line has left the node altogether, and `conflict` where it is neither there nor waiting.
   */
  deallocate(request: ErpAllocation, memo: EffectMemo): Promise<ErpOrder>;
  /** Writes tracking on the delivery, ships exactly these lines, and reads back that it is done. What the lines leave open stays in a backorder. */
  ship(request: ErpShipment, memo: EffectMemo): Promise<ErpDelivery>;
  /** Cancels the order with all deliveries that are not done yet. */
  cancelOrder(key: ErpOrderKey, memo: EffectMemo): Promise<ErpOrder>;
  /** Gives the deliveries that are not done yet another address. */
  changeAddress(request: { readonly key: ErpOrderKey; readonly shipTo: Address }, memo: EffectMemo): Promise<void>;
  /** Bills of vendors as drafts; null where the ERP takes none. */
  readonly vendorBills: ErpVendorBills | null;
  /** Deliveries that one person works through together; null where the ERP has no such thing. */
  readonly batches: ErpBatches | null;
  /** What people who work in the ERP are asked to do about an order; null where the ERP has no such thing. */
  readonly todos: ErpTodos | null;
  /** What happened to the stock in the past; null where the ERP does not tell. */
  readonly history: ErpHistory | null;
};

/** To-dos at orders, each for one person. */
export type ErpTodos = {
  /** How {@link ErpTodos.write} is kept from happening twice. */
  readonly safety: Safety;
  /** Null when it was never written, and when the order is not there. */
  find(key: ErpTodoKey): Promise<ErpTodo | null>;
  /** Puts a to-do below the order, or reads the one that is there: one that was done is not written again. Throws `not-found` without the order, and `refused` for a person whom the ERP does not know or who may not see it. */
  write(draft: ErpTodoDraft, memo: EffectMemo): Promise<ErpTodo>;
  /** Marks it as done, naturally; one that is done already, was deleted, or was never there is left as it is. */
  finish(key: ErpTodoKey, memo: EffectMemo): Promise<void>;
};

/** What a to-do is about, and which one it is: the same for every attempt. */
export type ErpTodoKey = { readonly order: ErpOrderKey; readonly id: string };

export type ErpTodoDraft = {
  readonly key: ErpTodoKey;
  /** The login of who is to do it. */
  readonly user: string;
  /** What people see in their list; plain text, as is the note. */
  readonly summary: string;
  readonly note: string;
  /** Calendar day. */
  readonly due: string;
};

export type ErpTodo = { readonly state: 'open' | 'done' };

/** What counts changed and when purchases came, for how far books and suppliers are to be trusted. */
export type ErpHistory = {
  /** What counts did to the stock of these nodes since an instant, oldest first. What was moved or scrapped is none. */
  adjustments(query: ErpPast): Promise<ErpAdjustment[]>;
  /** Purchased goods that came into these nodes since an instant, and those that are still to come, oldest first. Empty where the ERP buys nothing. */
  receipts(query: ErpPast): Promise<ErpReceipt[]>;
};

export type ErpPast = { readonly nodes: readonly NodeId[]; readonly since: Instant };

/** One count of one product at one place: units found above the books, below 0 what was missing, 0 where they were right. */
export type ErpAdjustment = { readonly sku: Sku; readonly node: NodeId; readonly at: Instant; readonly units: number };

/** One product of one receipt from a supplier. */
export type ErpReceipt = {
  /** The ERP's id of the supplier; null where it knows none. */
  readonly supplier: string | null;
  readonly sku: Sku;
  readonly node: NodeId;
  /** By when it was promised. */
  readonly promisedAt: Instant;
  /** When it came; of what is still to come when the ERP expects it, as in {@link StockPosition.inbound}. */
  readonly at: Instant;
  readonly isReceived: boolean;
};

/** Batches of deliveries: how a wave is shown to the people who work in the ERP. */
export type ErpBatches = {
  /** How {@link ErpBatches.write} is kept from happening twice. */
  readonly safety: Safety;
  find(key: ErpBatchKey): Promise<ErpBatch | null>;
  /**
   * Makes a batch of the deliveries that are open at the node and starts it; sets nothing aside. Whatever cannot go along is left out, and the answer says why. A batch of the same key that is there is only
   * read (and started, should it not have been): what people changed in it stays. Throws `refused` when there is nothing to make a batch of, and `misconfigured` where the ERP lacks what it needs.
   */
  write(draft: ErpBatchDraft, memo: EffectMemo): Promise<ErpBatch>;
};

/** What a batch stands for, such as a wave; becomes its external id. `scope` keeps apart what several companies or connections call alike. */
export type ErpBatchKey = { readonly scope?: Scope; readonly id: string };

export type ErpBatchDraft = {
  readonly key: ErpBatchKey;
  /** All deliveries of a batch leave from one node. */
  readonly node: NodeId;
  /** What people see. */
  readonly name: string;
  /** When it shall be worked through. */
  readonly scheduledAt: Instant;
  /** What each order has open at a node: one delivery as a rule. */
  readonly deliveries: readonly ErpBatchMember[];
};

export type ErpBatchMember = { readonly key: ErpOrderKey; readonly node: NodeId };

export type ErpBatch = {
  readonly ref: string;
  readonly name: string;
  readonly state: 'draft' | 'in-progress' | 'done' | 'cancelled';
  /** Those in it now, by the `ref` of {@link ErpDelivery}. */
  readonly deliveries: readonly { readonly ref: string; readonly name: string }[];
  /** What of the draft is not in it; empty for a batch that was only looked up. */
  readonly leftOut: readonly (ErpBatchMember & { readonly why: ErpLeftOut })[];
};

/**
 * `no-order`: the ERP does not have the order. `done`: it left the node already. `cancelled`: its delivery was cancelled. `elsewhere`: it is at another node, or waits without one. `in-another-batch`: somebody put it
 * there. `not-in-batch`: it is open, and the batch of this key was made without it or lost it.
 */
export type ErpLeftOut = 'no-order' | 'done' | 'cancelled' | 'elsewhere' | 'in-another-batch' | 'not-in-batch';

/** Bills of vendors, drafted for a person to look at and post: nothing here ever posts. */
export type ErpVendorBills = {
  /** How {@link ErpVendorBills.write} is kept from happening twice. */
  readonly safety: Safety;
  find(key: ErpBillKey): Promise<ErpBill | null>;
  /**
   * Writes the draft, or reads the bill that is there. A bill of the same key with another total is a `conflict`. Where it does not come to the total of the draft nothing is kept and the fault is
   * `refused`, as it is for a vendor, an account or a currency that the ERP does not have.
   */
  write(draft: ErpBillDraft, memo: EffectMemo): Promise<ErpBill>;
};

/** The names by which a vendor's invoice is one, with the currency, since an invoice may have several. Becomes the bill's external id. */
export type ErpBillKey = { readonly carrier: string; readonly account: string; readonly invoiceNumber: string; readonly currency: string };

export type ErpBillDraft = {
  readonly key: ErpBillKey;
  /** The vendor's reference in the ERP, which one partner alone has. */
  readonly vendor: string;
  /** Calendar day of the invoice. */
  readonly day: string;
  /** In the currency of the key; the ERP puts no taxes on them. A bill below zero is written as the vendor's credit note. */
  readonly lines: readonly ErpBillLine[];
  /** Sum of the lines. */
  readonly total: Money;
};

export type ErpBillLine = {
  readonly label: string;
  /** Code of the account. */
  readonly account: string;
  /** Name of the analytic account; null for none. */
  readonly analytic: string | null;
  readonly amount: Money;
};

export type ErpBill = {
  readonly ref: string;
  /** Null while it is a draft. */
  readonly name: string | null;
  readonly state: 'draft' | 'posted' | 'cancelled';
  /** Below zero for a credit note. */
  readonly total: Money;
};

export const erpEffects = ['writeOrder', 'allocate', 'deallocate', 'ship', 'cancelOrder', 'changeAddress'] as const;
export type ErpEffect = (typeof erpEffects)[number];

export type ErpProbe = {
  readonly version: string;
  /** How we talk to it, such as `json-rpc`. */
  readonly transport: string;
  readonly user: string;
  /** What is wrong and what to do about it, one sentence each; empty when all is well. */
  readonly problems: readonly string[];
  /** Those of the problems with which nothing may be written: the ERP is not built any more as its connector was made for. */
  readonly unsafe: readonly string[];
  /** What works, but is worth knowing. */
  readonly notes: readonly string[];
};

export type ErpNode = { readonly id: NodeId; readonly name: string; readonly company: string; readonly ref: string };

export type ErpProduct = {
  readonly sku: Sku;
  readonly ref: string;
  readonly name: string;
  readonly storable: boolean;
  /** What one of a kit is made of, which the ERP keeps in stock in its place; null for what is no kit. */
  readonly kit: readonly KitComponent[] | null;
  /** 0 when the ERP has no weight for it. */
  readonly grams: number;
  readonly millilitres: number;
  /** Length, width and height of one unit as it stands; null when the ERP has them not. */
  readonly millimetres: readonly [number, number, number] | null;
};

/** The channel order that an ERP order stands for; becomes its external id. */
export type ErpOrderKey = { readonly scope: Scope; readonly orderId: string };

export type ErpOrderDraft = {
  readonly key: ErpOrderKey;
  /** The channel's order name or the customer's purchase order number, for people. */
  readonly reference: string;
  readonly placedAt: Instant;
  readonly subject: string;
  readonly shipTo: Address;
  readonly billTo: Address | null;
  readonly lines: readonly ErpLineDraft[];
  /** What the written order must add up to; if it does not, nothing is kept and the fault is `refused`. */
  readonly total: Money;
};

/**
 * One line to write. `product` lines come from `node` (null: no node yet, the line waits unreserved); `service` lines (shipping, tax, discount) have no stock, their `sku` is a
 * service product of the ERP. `unitPrice` is decimal text at the currency's precision, tax included, because the ERP must not compute the customer's price anew.
 */
export type ErpLineDraft = {
  /** Unique within the order and the same on every attempt: becomes the line's external id. */
  readonly id: string;
  readonly kind: 'product' | 'service';
  readonly sku: Sku;
  readonly title: string;
  readonly quantity: number;
  readonly unitPrice: string;
  readonly node: NodeId | null;
};

export type ErpOrder = {
  readonly ref: string;
  readonly name: string;
  readonly state: 'draft' | 'confirmed' | 'cancelled';
  readonly total: Money;
  readonly deliveries: readonly ErpDelivery[];
};

export type ErpDelivery = {
  readonly ref: string;
  readonly name: string;
  /** Null for the delivery of lines that have no node yet. */
  readonly node: NodeId | null;
  readonly state: 'waiting' | 'ready' | 'done' | 'cancelled';
  readonly trackingNumbers: readonly string[];
  readonly lines: readonly ErpDeliveryLine[];
};

export type ErpDeliveryLine = {
  /** Id of the line draft; empty for a line that somebody else added. */
  readonly lineId: string;
  readonly sku: Sku;
  readonly demand: number;
  /** Units set aside for it (or shipped, once done). */
  readonly reserved: number;
};

export type ErpAllocation = { readonly key: ErpOrderKey; readonly node: NodeId; readonly lineIds: readonly string[] };

export type ErpShipment = {
  readonly key: ErpOrderKey;
  readonly node: NodeId;
  readonly lines: readonly { readonly lineId: string; readonly units: number }[];
  readonly carrier: string;
  readonly trackingNumbers: readonly string[];
};
