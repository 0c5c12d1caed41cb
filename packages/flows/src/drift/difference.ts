import type { ConnectionId, Money, NodeId, Sku } from '@quartermaster/domain';
import type { Hold, OrderCommand } from '@quartermaster/fulfilment';
import type { Json } from '@quartermaster/journal';
import type { Blame, DriftCause } from './causes.ts';
import type { DriftSubject } from './views.ts';

/** How this one difference would be mended. `ask-again`: a command of the order that nobody carries out any more becomes an intent again. */
export type Heal =
  | { readonly kind: 'read-channel-again'; readonly connection: ConnectionId; readonly orderId: string }
  | { readonly kind: 'read-erp-again'; readonly order: string }
  | {
      readonly kind: 'ask-again';
      readonly order: string;
      readonly command: Extract<OrderCommand, { kind: 'confirm' | 'cancel-order' | 'void-label' }>;
    }
  | { readonly kind: 'publish-again'; readonly connection: ConnectionId; readonly sku: Sku; readonly node: NodeId; readonly shown: number }
  | { readonly kind: 'hold'; readonly order: string; readonly hold: Hold };

/** What each side says of the matter, without personal data; null of a side that says nothing. */
export type Sides = { readonly channel: Json; readonly erp: Json; readonly journal: Json };

/** One thing in which the three sides do not agree. */
export type Difference = {
  readonly cause: DriftCause;
  readonly subject: DriftSubject;
  readonly blame: Blame;
  readonly sides: Sides;
  /** Units that are concerned; what mending may touch at most. */
  readonly units: number;
  /** Money at stake; null when it is about none. */
  readonly money: Money | null;
  /** Null: a person must see to it. */
  readonly heal: Heal | null;
};
