import { epochMs, instantOf, parseKey, type ConnectionId, type FoundLabel, type Instant } from '@quartermaster/domain';
import type { OrderCase } from '@quartermaster/fulfilment';
import type { Intent, ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { ownerOf, scopeOf, type FlowContext } from '../context.ts';
import { boughtLabel } from '../label-effects.ts';
import { applyEvent, findCase } from '../order-cases.ts';
import { personOf } from '../people.ts';
import { labelOfOrder, type LabelOfOrder } from '../restored/found-labels.ts';
import { speakingTo } from '../speaking-to.ts';
import { takeTurn, type InTurn, type Urgency } from '../turns.ts';
import { findParcel, parcelKey } from './parcels.ts';

/** The turn of sweeping a carrier's labels, and its cursor. */
const turnName = 'labels';
const stream = 'labels-swept';
const sweptSchema = z.object({ at: z.string() });
/** Longer than a page takes; begun anew with each label that is taken in. */
const leaseMs = 10 * 60_000;
/** What was under way when it was seen last is seen again for so long. */
const overlapMs = 3 * 86_400_000;
/** A purchase of less than so long ago may be taken in just now. */
const freshMs = 30 * 60_000;
/** A paid label that nobody knows. */
export const unknownLabelCode = 'label-unknown';

/**
 * Compares the labels that a carrier has under our keys with those that the journal knows, since the last time and some days before. One that nobody knows is met by its purchase where that is not
 * over, taken into use where its parcel still waits for a label, given back where the parcel has another or needs none, and told to a person where we know no such order. Returns how many were not
 * known; null when the carrier lists none, only observes, or it was left to another replica.
 */
export async function sweepLabels(context: FlowContext, connection: ConnectionId, urgency: Urgency): Promise<number | null> {
  const { journal, settings, clock } = context;
  const labelsSince = context.carriers.get(connection)?.labelsSince ?? null;
  const isObserved = settings.carriers.some((each) => each.connection === connection && each.mode === 'observe');
  if (labelsSince === null || isObserved) return null;
  const scope = scopeOf(settings, connection);
  return takeTurn(context, { name: turnName, connection, leaseMs }, urgency, async (held) => {
    const begunAt = clock.now();
    const before = await journal.read((tx) => tx.cursors.get(scope, stream, sweptSchema));
    const since = instantOf(epochMs(before?.at ?? begunAt) - overlapMs);
    let unknown = 0;
    const labels = labelsSince(since)[Symbol.asyncIterator]();
    for (;;) {
      const { done, value: found } = await speakingTo(connection, () => labels.next());
      if (done === true) break;
      if (await sweep(context, { connection, held }, found)) unknown += 1;
    }
    await journal.transaction(async (tx) => {
      await held.guard(tx);
      await tx.cursors.set(scope, stream, { at: begunAt }, held.lease);
    });
    return unknown;
  });
}

type Sweeping = { readonly connection: ConnectionId; readonly held: InTurn };

/** What becomes of a label that nobody knows. */
export type Sweep =
  /** Somebody else's, known, or so fresh or under way that it comes in by itself. */
  | { readonly kind: 'leave' }
  /** The purchase meets it. `again`: it had been given up to a person, and is tried once more. */
  | { readonly kind: 'meet'; readonly intent: Intent; readonly again: boolean }
  /** The order takes it in, and uses it or gives it back. */
  | { readonly kind: 'take-in' }
  | { readonly kind: 'tell'; readonly check: string };

/** Decides by what the journal knows. `asks` are the purchases of this parcel so far, this key's first and then those in its place; `order` is null when there is no such order. */
export function sweepOf(
  found: FoundLabel,
  {
    about,
    order,
    own,
    asks,
    now,
  }: {
    readonly about: LabelOfOrder;
    readonly order: OrderCase | null;
    readonly own: Intent | null;
    readonly asks: readonly Intent[];
    readonly now: Instant;
  },
): Sweep {
  const { label, key } = found;
  if (epochMs(now) - epochMs(label.boughtAt) < freshMs) return { kind: 'leave' };
  const shipment = order?.shipments.find(({ id }) => id === about.shipmentId);
  if (order === null || shipment === undefined)
    return { kind: 'tell', check: `this journal has no ${order === null ? 'order' : 'shipment'} of the key ${key}` };
  if ([...shipment.labels, ...shipment.withdrawn].some((known) => known.label.ref === label.ref)) return { kind: 'leave' };
  if (own !== null && isWaiting(own)) return { kind: 'meet', intent: own, again: false };
  if (own?.state === 'dead' && !(own.fault !== null && 'result' in own.fault)) return { kind: 'meet', intent: own, again: true };
  // Another purchase of the parcel is under way: which of the two labels it will be is known when that has ended.
  if (asks.some((ask) => isWaiting(ask) || isUnderWay(ask))) return { kind: 'leave' };
  return { kind: 'take-in' };
}

function isWaiting({ state }: Intent): boolean {
  return state === 'planned' || state === 'ready' || state === 'unknown';
}

function isUnderWay({ state }: Intent): boolean {
  return state === 'leased' || state === 'sent';
}

/** True when nobody knew it. */
async function sweep(context: FlowContext, { connection, held }: Sweeping, found: FoundLabel): Promise<boolean> {
  const { journal, settings, clock } = context;
  const about = labelOfOrder(connection, found);
  if (about === null || !isOurs(settings, about.order)) return false;
  // What is followed is known, and most are: one look for each of them.
  if (await journal.read(async (tx) => (await findParcel(tx, parcelKey(settings, connection, found.label))) !== null)) return false;
  const sweep = await journal.transaction(async (tx) => {
    await held.guard(tx);
    const order = (await findCase(tx, about.order))?.case ?? null;
    const asks = await asksOf(tx, found.key);
    const own = asks.find(({ key }) => key === found.key) ?? null;
    const sweep = sweepOf(found, { about, order, own, asks, now: clock.now() });
    await carry(tx, context, { found, about, order }, sweep);
    return sweep;
  });
  if (sweep.kind !== 'leave') context.log({ at: clock.now(), event: 'label.unknown', connection, order: about.order, outcome: sweep.kind });
  return sweep.kind !== 'leave';
}

type Unknown = { readonly found: FoundLabel; readonly about: LabelOfOrder; readonly order: OrderCase | null };

async function carry(tx: Transaction, context: FlowContext, { found, about, order }: Unknown, sweep: Sweep): Promise<void> {
  const { settings, clock } = context;
  const { label, key, refs } = found;
  const at = clock.now();
  const { carrier: connection, order: orderKey, shipmentId, revision, parcel } = about;
  switch (sweep.kind) {
    case 'leave':
      return;
    case 'meet': {
      await tx.intents.knownRefs(key, refs);
      const { id, inDoubt, safety } = sweep.intent;
      if (!sweep.again) return;
      await (inDoubt && safety === 'read-back' ? tx.intents.lookUpAgain(id, at) : tx.intents.redrive(id, at));
      return;
    }
    case 'take-in': {
      if (order === null) return;
      const isKnown = (await personOf(tx, order.order)) !== null;
      const { event, keep } = boughtLabel(label, order.order.subject, { order: orderKey, shipmentId, revision, parcel });
      await applyEvent(tx, context, orderKey, event);
      if (isKnown) await keep(tx);
      return;
    }
    case 'tell':
      await tx.exceptions.raise({
        code: unknownLabelCode,
        subjectKey: `${connection}/${label.ref}`,
        owner: ownerOf(settings, unknownLabelCode),
        reason: `${connection} has a paid label ${label.trackingNumber} (${label.ref}), and ${sweep.check}: see there whether a parcel travels on it, and give it back otherwise`,
        at,
      });
  }
}

/** All purchases of the parcel of a label's key. */
async function asksOf(tx: Transaction | ReadTransaction, key: string): Promise<Intent[]> {
  const base = key.replace(/\/\d+$/, '');
  const asks: Intent[] = [];
  for (let ask = 1; ; ask++) {
    const intent = await tx.intents.find(`${base}/${ask}`);
    if (intent === null) return asks;
    asks.push(intent);
  }
}

/** A key of another tenant or company of ours is another journal's. */
function isOurs({ tenant, company }: FlowContext['settings'], order: string): boolean {
  try {
    const { scope, kind } = parseKey(order);
    return kind === 'order' && scope.tenant === tenant && scope.company === company;
  } catch {
    return false;
  }
}
