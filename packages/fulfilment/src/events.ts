import type { CancelReason, ChannelOrder, ErpDelivery, Instant, Label, Money, Refunded, VoidOutcome } from '@quartermaster/domain';
import type { RefundParts } from './asked-by-people.ts';
import type { CommandKind } from './command-kind.ts';
import type { Hold, HoldCode } from './hold.ts';
import type { OrderOverride } from './override.ts';
import type { PackChecked } from './pack-checked.ts';
import type { Repacked } from './repacking.ts';
import type { ReturnFact } from './return-fact.ts';
import type { ShipmentDraft } from './shipment.ts';
import type { TakenBack } from './taking-back.ts';

/** What the ERP told about a delivery: enough to see whether everything was reserved. */
export type WrittenDelivery = Pick<ErpDelivery, 'ref' | 'name' | 'node'> & {
  readonly lines: readonly { readonly lineId: string; readonly reserved: number }[];
};

/** Everything that may happen to an order once it is there. Each may come late, twice or after its time; {@link decide} absorbs that. */
export type OrderEvent =
  /** The channel's order changed; `holds` is what the checks say of the new one. A status `cancelled` is the channel's request to cancel. */
  | { readonly kind: 'revised'; readonly order: ChannelOrder; readonly holds: readonly Hold[] }
  /** The checks were run again over the same order: time has passed, a SKU became known, the policy changed. */
  | { readonly kind: 'rechecked'; readonly holds: readonly Hold[] }
  | {
      readonly kind: 'hold-placed';
      readonly hold: Hold;
      readonly by: string;
      /** Who looks after it. */
      readonly owner?: string;
      /** Until when it lasts at most. */
      readonly until?: Instant;
    }
  /** Time has passed: holds that last no longer end. */
  | { readonly kind: 'holds-expired' }
  | { readonly kind: 'overridden'; readonly override: OrderOverride }
  | { readonly kind: 'override-lifted'; readonly id: string; readonly by: string; readonly reason: string }
  /** A person lets a command that failed go once more. */
  | {
      readonly kind: 'retried';
      readonly command: CommandKind;
      readonly shipmentId: string | null;
      readonly by: string;
      readonly reason: string;
    }
  /** A person gave a command up that failed. */
  | {
      readonly kind: 'given-up';
      readonly command: CommandKind;
      readonly shipmentId: string | null;
      readonly by: string;
      readonly reason: string;
    }
  | { readonly kind: 'hold-released'; readonly code: HoldCode | 'all'; readonly by: string; readonly reason: string }
  /** The first of two persons who are needed has approved that holds are released. */
  | { readonly kind: 'release-approved'; readonly code: HoldCode | 'all'; readonly by: string; readonly reason: string }
  /** `inChannel`: a person asked for it, and the channel is to be told under this id. */
  | {
      readonly kind: 'cancel-requested';
      readonly by: 'channel' | 'operator';
      readonly inChannel?: { readonly id: string; readonly reason: CancelReason };
    }
  /** A person cancels units of lines. */
  | {
      readonly kind: 'lines-cancelled';
      readonly id: string;
      readonly lines: readonly { readonly lineId: string; readonly units: number }[];
      readonly reason: CancelReason;
    }
  /** The channel has done what was asked for under this id. */
  | { readonly kind: 'cancelled-in-channel'; readonly id: string }
  /** All that an order wants is there, and nobody else's: one that waits for our acceptance may be accepted. */
  | { readonly kind: 'stock-found' }
  /** The channel knows that we have taken the order on. */
  | { readonly kind: 'acknowledged' }
  /** The channel took this money. */
  | { readonly kind: 'captured'; readonly amount: Money }
  /** A person gives money back. */
  | { readonly kind: 'refund-asked'; readonly id: string; readonly amount: Money; readonly refund: RefundParts }
  | { readonly kind: 'refunded'; readonly id: string; readonly amount: Money; readonly state: Refunded['state'] }
  /** The channel told of a return: a fact that is kept. */
  | { readonly kind: 'return-told'; readonly fact: ReturnFact }
  /** Sourcing decided. No shipments: nothing can be shipped now, and the order goes to the ERP to wait there. */
  | {
      readonly kind: 'sourced';
      readonly decisionId: string;
      readonly shipments: readonly ShipmentDraft[];
      /** Shipments of a series have ids that no other shipment of the order ever had: needed where those are not known, as after a restore. */
      readonly series?: string;
    }
  /** `packCheck`: no label before what was packed has been checked. */
  | { readonly kind: 'released'; readonly shipmentIds: readonly string[]; readonly packCheck?: boolean }
  /** Somebody has compared what was packed with what is to be shipped. */
  | ({ readonly kind: 'pack-checked' } & PackChecked)
  /** A person says how a shipment was packed. */
  | ({ readonly kind: 'repacked' } & Repacked)
  /** The ERP has the order; also when it was read again, to learn of new reservations. */
  | {
      readonly kind: 'written';
      readonly erp: { readonly ref: string; readonly name: string };
      readonly deliveries: readonly WrittenDelivery[];
    }
  | { readonly kind: 'allocated'; readonly shipmentId: string; readonly delivery: WrittenDelivery }
  | {
      readonly kind: 'label-bought';
      readonly shipmentId: string;
      readonly revision: number;
      readonly parcel: number;
      readonly label: Label;
    }
  | {
      readonly kind: 'label-voided';
      readonly shipmentId: string;
      /** The carrier's id of the label. */
      readonly ref: string;
      readonly outcome: VoidOutcome;
    }
  | { readonly kind: 'erp-shipped'; readonly shipmentId: string; readonly at: Instant }
  | { readonly kind: 'confirmed'; readonly shipmentId: string }
  /** Lines of a shipment are taken back from its node, to be sourced anew: short pick, rejected node, outage, or a better plan. */
  | ({ readonly kind: 'unsourced' } & TakenBack)
  /** The ERP has taken back what was to be. */
  | { readonly kind: 'deallocated'; readonly shipmentId: string }
  | { readonly kind: 'erp-cancelled' }
  | { readonly kind: 'address-written' }
  /** A command failed for good: repeating it as it is would not help. */
  | {
      readonly kind: 'failed';
      readonly command: CommandKind;
      readonly shipmentId: string | null;
      readonly code: string;
      readonly message: string;
    };

/** Changes that are found inside a `revised` and have cells of their own in the lifecycle. */
export const revisionChanges = ['address-changed', 'refunded-outside', 'content-changed'] as const;
export type RevisionChange = (typeof revisionChanges)[number];

export type OrderEventKind = OrderEvent['kind'] | RevisionChange;

/** What may happen to one shipment: events that name it, and `stop` and `address-changed`, which come from the order. */
export type ShipmentEventKind =
  | Extract<
      OrderEvent['kind'],
      | 'released'
      | 'repacked'
      | 'pack-checked'
      | 'written'
      | 'allocated'
      | 'unsourced'
      | 'deallocated'
      | 'label-bought'
      | 'label-voided'
      | 'erp-shipped'
      | 'confirmed'
      | 'erp-cancelled'
      | 'address-written'
      | 'failed'
    >
  | 'stop'
  | 'address-changed';
