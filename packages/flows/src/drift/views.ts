import type { ConnectionId, ErpOrder, Instant, NodeId, OrderStanding, Sku, StockPosition } from '@quartermaster/domain';
import type { OrderCase } from '@quartermaster/fulfilment';
import type { KnownLevel, Level } from '../stock/levels.ts';

/** What the journal knows of an order. `unknown`: nothing, and it should. `others`: it is history, or it waits unreadable for a person. */
export type JournalOrder =
  | {
      readonly kind: 'case';
      readonly case: OrderCase;
      readonly version: number;
      readonly changedAt: Instant;
      /** An intent of it may still go, is going, or has an unknown outcome. */
      readonly underWay: boolean;
    }
  | { readonly kind: 'unknown' | 'others' };

/** One order as the three sides have it. Null: that side was not read; `absent`: it was, and has no such order. */
export type OrderViews = {
  readonly key: string;
  readonly connection: ConnectionId;
  readonly orderId: string;
  readonly channel: OrderStanding | 'absent' | null;
  readonly erp: ErpOrder | 'absent' | null;
  readonly journal: JournalOrder;
};

/** One article at one node as a channel shows it, as it should by the ERP's stock and all orders, and as the journal last set it. */
export type LevelViews = Pick<Level, 'sku' | 'node'> & {
  readonly connection: ConnectionId;
  /** Null: not listed there. */
  readonly shown: number | null;
  readonly promised: number;
  readonly known: KnownLevel | null;
};

export type DriftViews = {
  readonly orders: readonly OrderViews[];
  readonly levels: readonly LevelViews[];
  readonly positions: readonly StockPosition[];
};

/** What an entry of the ledger is about. */
export type DriftSubject =
  | { readonly kind: 'order'; readonly order: string; readonly shipmentId: string | null }
  | { readonly kind: 'level'; readonly connection: ConnectionId; readonly sku: Sku; readonly node: NodeId }
  | { readonly kind: 'position'; readonly sku: Sku; readonly node: NodeId };

/** One text for what it is about: an order's key, or the parts one after the other. */
export function subjectKey(subject: DriftSubject): string {
  if (subject.kind === 'order') return subject.shipmentId === null ? subject.order : `${subject.order}/shipment/${subject.shipmentId}`;
  const { kind, sku, node } = subject;
  return [kind === 'level' ? subject.connection : 'stock', sku, node].map(encodeURIComponent).join('/');
}
