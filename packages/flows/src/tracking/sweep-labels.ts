import { epochMs, instantOf, isFault, parseKey, type ConnectionId, type FoundLabel } from '@quartermaster/domain';
import { trackingStanding, type OrderCase } from '@quartermaster/fulfilment';
import type { Intent, ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { isOutage } from '../connection-circuits.ts';
import { ownerOf, scopeOf, type FlowContext } from '../context.ts';
import { boughtLabel } from '../label-effects.ts';
import { applyEvent, findCase } from '../order-cases.ts';
import { personOf } from '../intake/people.ts';
import { labelOfOrder, type LabelOfOrder } from '../restored/found-labels.ts';
import { speakingTo } from '../speaking-to.ts';
import { takeTurn, type InTurn, type Urgency } from '../turns.ts';
import { findParcel, parcelKey } from './parcels.ts';
import { sweepOf, type KnownOfLabel, type Sweep } from './sweep-decision.ts';

/** The turn of sweeping a carrier's labels, and its cursor. */
const turnName = 'labels';
const stream = 'labels-swept';
const sweptSchema = z.object({ at: z.string() });
/** Longer than a page takes; begun anew with each label that is taken in. */
const leaseMs = 10 * 60_000;
/** What was under way when it was seen last is seen again for so long. */
const overlapMs = 3 * 86_400_000;
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

/** True when nobody knew it. */
async function sweep(context: FlowContext, { connection, held }: Sweeping, found: FoundLabel): Promise<boolean> {
  const { journal, settings, clock } = context;
  const about = labelOfOrder(connection, found);
  if (about === null || !isOurs(settings, about.order)) return false;
  const { known, looked } = await journal.read(async (tx) => {
    // What is followed is known, and most are: one look for each of them.
    const known = (await findParcel(tx, parcelKey(settings, connection, found.label))) !== null;
    return { known, looked: known ? null : sweepOf(found, await knownOf(tx, about, found), clock.now()) };
  });
  if (known || looked?.kind === 'leave') return false;
  const mayTravel = looked?.kind === 'give-back' && (await mayTravelOn(context, connection, found));
  const sweep = await journal.transaction(async (tx) => {
    await held.guard(tx);
    const facts = await knownOf(tx, about, found);
    const decided = sweepOf(found, facts, clock.now());
    const sweep: Sweep =
      decided.kind === 'give-back' && mayTravel ? { kind: 'tell', check: `a parcel may travel on it, though ${decided.why}` } : decided;
    await carry(tx, context, { found, about, order: facts.order }, sweep);
    return sweep;
  });
  if (sweep.kind !== 'leave') context.log({ at: clock.now(), event: 'label.unknown', connection, order: about.order, outcome: sweep.kind });
  return sweep.kind !== 'leave';
}

/** Whether a parcel goes, or may go, on a label that is to be given back. */
async function mayTravelOn(context: FlowContext, connection: ConnectionId, { label }: FoundLabel): Promise<boolean> {
  const tracking = context.carriers.get(connection)?.tracking ?? null;
  if (tracking === null) return false;
  try {
    const [answer] = await speakingTo(connection, () => tracking.track([label.trackingNumber]));
    const { state } = trackingStanding(answer?.events ?? []);
    return state !== 'unknown' && state !== 'label-created' && state !== 'cancelled';
  } catch (error) {
    if (!isFault(error) || isOutage(error.toJSON())) throw error;
    return true;
  }
}

async function knownOf(tx: Transaction | ReadTransaction, about: LabelOfOrder, { key }: FoundLabel): Promise<KnownOfLabel> {
  const asks = await asksOf(tx, key);
  const order = (await findCase(tx, about.order))?.case ?? null;
  return { about, order, asks, own: asks.find((each) => each.key === key) ?? null };
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
    case 'use':
    case 'give-back': {
      if (order === null) return;
      const isKnown = (await personOf(tx, order.order)) !== null;
      const { event, keep } = boughtLabel(label, order.order.subject, { order: orderKey, shipmentId, revision, parcel });
      await applyEvent(tx, context, orderKey, event);
      if (isKnown) await keep(tx);
      return;
    }
    case 'tell': {
      // Once: who has settled it has seen it.
      const subjectKey = `${connection}/${label.ref}`;
      if ((await tx.exceptions.list({ code: unknownLabelCode, subjectKey, limit: 1 })).length > 0) return;
      await tx.exceptions.raise({
        code: unknownLabelCode,
        subjectKey,
        owner: ownerOf(settings, unknownLabelCode),
        reason: `${connection} has a paid label ${label.trackingNumber} (${label.ref}), and ${sweep.check}: see there whether a parcel travels on it, and give it back otherwise`,
        at,
      });
    }
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
