import type { LabelRef, Money } from '@quartermaster/domain';
import type { CommandKind } from './command-kind.ts';
import type { ExceptionCode } from './exceptions.ts';

export type OrderCommand =
  /** Write the order into the ERP: all lines; the shipments with `fresh: 'write'` give lines their node, the others have none. */
  | { readonly kind: 'write-order' }
  | { readonly kind: 'allocate'; readonly shipmentId: string }
  /** Take the lines of this shipment back from its node; they wait without one again. */
  | { readonly kind: 'deallocate'; readonly shipmentId: string }
  | { readonly kind: 'buy-label'; readonly shipmentId: string; readonly revision: number; readonly parcel: number }
  | {
      readonly kind: 'void-label';
      readonly shipmentId: string;
      readonly parcel: number;
      readonly revision: number;
      readonly label: LabelRef;
    }
  | { readonly kind: 'ship'; readonly shipmentId: string; readonly revision: number }
  /** Tell the channel, with the tracking numbers that the shipment has (none when somebody shipped it without our labels). */
  | { readonly kind: 'confirm'; readonly shipmentId: string }
  /** To be carried out when a write that is under way has ended; an ERP that does not have the order counts as done. */
  | { readonly kind: 'cancel-order' }
  | { readonly kind: 'change-address'; readonly addressHash: string | null }
  /** Tell the channel that we have taken the order on; where it waits for that, accept it. */
  | { readonly kind: 'acknowledge' }
  /** Take money that was only authorized. */
  | { readonly kind: 'capture'; readonly amount: Money }
  /** Cancel in the channel what a person cancelled; the particulars stand in the case's `cancellations`. */
  | { readonly kind: 'cancel-in-channel'; readonly request: string }
  /** Give money back; the particulars stand in the case's `refunds`. */
  | { readonly kind: 'refund'; readonly request: string }
  /** These commands are no longer wanted; those that are under way come to their end and their events are taken in. */
  | {
      readonly kind: 'drop';
      /** Null: those of the whole order, whatever the shipment. */
      readonly shipmentId: string | null;
      readonly commands: readonly CommandKind[];
      /** Only those about this label; null: all. */
      readonly label: LabelRef | null;
    }
  /** A person must look. One exception stands per order, code and shipment: raised again, it gets the newer reason. */
  | { readonly kind: 'raise'; readonly code: ExceptionCode; readonly shipmentId: string | null; readonly reason: string }
  /** What was raised under this code has settled itself. */
  | { readonly kind: 'resolve'; readonly code: ExceptionCode; readonly shipmentId: string | null };
