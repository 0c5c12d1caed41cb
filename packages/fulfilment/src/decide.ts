import type { ChannelOrder, Instant, Scope } from '@quartermaster/domain';
import { stockFound, takeOn } from './acknowledgement.ts';
import { erpCancelled, requestCancellation } from './cancellation.ts';
import { approveRelease } from './approvals.ts';
import { acknowledged, captured, returnTold } from './channel-answers.ts';
import { cancelledInChannel, cancelUnits, tellChannel } from './channel-cancellation.ts';
import type { OrderCommand } from './commands.ts';
import { allocated, confirmed, erpShipped, settle, written } from './erp-answers.ts';
import type { OrderEvent } from './events.ts';
import { failed, succeeded } from './failures.ts';
import type { Hold } from './hold.ts';
import { givenUp, retried } from './given-up.ts';
import { addHold, expireHolds, releaseHolds } from './holds.ts';
import { labelBought, labelVoided } from './labels.ts';
import type { OrderCase } from './order-case.ts';
import { liftOverride, override } from './overrides.ts';
import { refundAsked, refunded } from './refunds.ts';
import { sourced } from './sourced.ts';
import { packChecked } from './pack-checked.ts';
import { released } from './release.ts';
import { repacked } from './repacking.ts';
import { recheck, revise } from './revisions.ts';
import { deallocated, unsourced } from './taking-back.ts';
import { admits, startTurn, type Turn } from './turn.ts';

/** What a decision comes to: the case as it is now, what must be done outside, and why, in words. */
export type Decision = { readonly case: OrderCase; readonly commands: readonly OrderCommand[]; readonly reasons: readonly string[] };

/** An order as it first came: `key` is its `orderKey`, `holds` what the checks say of it. */
export type ReceivedOrder = {
  readonly key: string;
  readonly scope: Scope;
  readonly order: ChannelOrder;
  readonly holds: readonly Hold[];
  /** Whether the channel is to be told that we take its orders on. */
  readonly acknowledges: boolean;
  readonly now: Instant;
};

/** Takes in an order that is new to us: held when the checks found something, open when not, cancelled when it came so. */
export function receive(given: ReceivedOrder): Decision {
  const fresh: OrderCase = {
    key: given.key,
    scope: given.scope,
    order: given.order,
    pending: null,
    state: 'open',
    holds: [],
    waivers: [],
    approvals: [],
    overrides: [],
    shipments: [],
    avoids: [],
    sourcedBy: [],
    erp: null,
    erpWriteAsked: false,
    cancelAsked: false,
    acknowledgement: given.acknowledges ? 'due' : 'none',
    capture: null,
    cancellations: [],
    refunds: [],
    returns: [],
    failures: [],
  };
  const turn = startTurn(fresh, given.now);
  if (given.order.status === 'cancelled') requestCancellation(turn, 'channel');
  else recheck(turn, given.holds, 'rechecked');
  takeOn(turn);
  return decisionOf(turn);
}

/**
 * Decides what an event does to an order, going by {@link orderLifecycle} and {@link shipmentLifecycle}. Pure: the same case, event and time give the same decision. An event
 * that came before changes nothing and asks for nothing; one that cannot be changes nothing and is raised. Throws an `InvariantError` only for a defect of this package.
 */
export function decide(given: OrderCase, event: OrderEvent, now: Instant): Decision {
  const turn = startTurn(given, now);
  take(turn, event);
  takeOn(turn);
  tellChannel(turn);
  return decisionOf(turn);
}

function take(turn: Turn, event: OrderEvent): void {
  switch (event.kind) {
    case 'revised':
      return revise(turn, event.order, event.holds);
    case 'rechecked':
      return admits(turn, 'rechecked') ? recheck(turn, event.holds, 'rechecked') : undefined;
    case 'hold-placed':
      return admits(turn, 'hold-placed') ? addHold(turn, event.hold, 'hold-placed', event) : undefined;
    case 'holds-expired':
      return admits(turn, 'holds-expired') ? expireHolds(turn) : undefined;
    case 'overridden':
      return admits(turn, 'overridden') ? override(turn, event.override) : undefined;
    case 'override-lifted':
      return admits(turn, 'override-lifted') ? liftOverride(turn, event.id, event.by, event.reason) : undefined;
    case 'retried':
      return admits(turn, 'retried') ? retried(turn, event.command, event.shipmentId, event.by, event.reason) : undefined;
    case 'given-up':
      return admits(turn, 'given-up') ? givenUp(turn, event.command, event.shipmentId, event.by, event.reason) : undefined;
    case 'hold-released':
      return admits(turn, 'hold-released') ? releaseHolds(turn, event.code, event.by, event.reason) : undefined;
    case 'release-approved':
      return admits(turn, 'release-approved') ? approveRelease(turn, event.code, event.by, event.reason) : undefined;
    case 'cancel-requested':
      return requestCancellation(turn, event.by, event.inChannel);
    case 'lines-cancelled': {
      // What the checks found before stands as it is; the units that still come are one finding more.
      if (!admits(turn, 'lines-cancelled') || !cancelUnits(turn, event)) return;
      const found = turn.case.holds.filter((hold) => hold.placedBy === null);
      return recheck(turn, found, 'lines-cancelled');
    }
    case 'cancelled-in-channel':
      return cancelledInChannel(turn, event.id);
    case 'stock-found':
      return admits(turn, 'stock-found') ? stockFound(turn) : undefined;
    case 'acknowledged':
      return acknowledged(turn);
    case 'captured':
      return captured(turn, event.amount);
    case 'refund-asked':
      return refundAsked(turn, event.id, event.amount, event.refund);
    case 'refunded':
      return refunded(turn, event.id, event.amount, event.state);
    case 'return-told':
      return returnTold(turn, event.fact);
    case 'sourced':
      return sourced(turn, event.decisionId, event.shipments, event.series);
    case 'released':
      return released(turn, event.shipmentIds, event.packCheck ?? false);
    case 'pack-checked':
      return admits(turn, 'pack-checked') ? packChecked(turn, event) : undefined;
    case 'repacked':
      return admits(turn, 'repacked') ? repacked(turn, event) : undefined;
    case 'written':
      return written(turn, event.erp, event.deliveries);
    case 'allocated':
      return allocated(turn, event.shipmentId, event.delivery);
    case 'unsourced':
      return unsourced(turn, event);
    case 'deallocated':
      return deallocated(turn, event.shipmentId);
    case 'label-bought':
      return labelBought(turn, event.shipmentId, { parcel: event.parcel, revision: event.revision, label: event.label });
    case 'label-voided':
      return labelVoided(turn, event.shipmentId, event.ref, event.outcome);
    case 'erp-shipped':
      return erpShipped(turn, event.shipmentId, event.at);
    case 'confirmed':
      return confirmed(turn, event.shipmentId);
    case 'erp-cancelled':
      erpCancelled(turn);
      return settle(turn, 'erp-cancelled');
    case 'address-written':
      return admits(turn, 'address-written') ? succeeded(turn, 'change-address', null) : undefined;
    case 'failed': {
      const { kind: _kind, ...failure } = event;
      return failed(turn, failure);
    }
  }
}

function decisionOf(turn: Turn): Decision {
  return { case: turn.case, commands: turn.commands, reasons: turn.reasons };
}
