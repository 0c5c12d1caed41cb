import { epochMs, isFault, type Carrier, type ConnectionId, type Instant, type TrackingAnswer } from '@quartermaster/domain';
import { stepParcel, type FollowedParcel } from '@quartermaster/fulfilment';
import { isOutage } from '../connection-circuits.ts';
import { noteConnection } from '../connection-state.ts';
import type { FlowContext } from '../context.ts';
import { speakingTo } from '../speaking-to.ts';
import { takeTurn, type InTurn, type Urgency } from '../turns.ts';
import { lastTold, workOffNews } from './carrier-webhooks.ts';
import { isFollowed } from './follow-labels.ts';
import { keepWords } from './parcel-words.ts';
import { dueParcels, findParcel, type StoredParcel } from './parcels.ts';
import { newsOf, takeNews } from './take-news.ts';
import { isTold, renewPush } from './tracking-push.ts';

/** The turn of following the parcels of a carrier. */
const turnName = 'parcels';
/** Longer than a call takes; begun anew with each of them. */
const leaseMs = 2 * 60_000;
/** Parcels that one turn looks at; what is due beyond that is due at the next one. */
const atMost = 200;
/** A carrier that has told nothing by itself for so long is asked as if it did not. */
const silentMs = 24 * 3_600_000;

/**
 * Follows the parcels of a carrier: takes in what it told by itself, asks after those whose time has come, as many at once as it lets, and tells people what they should look at. What has arrived is
 * not looked at any more, however much of it there is. Returns how many parcels were looked at; null when nothing can be heard of them or it was left to another replica.
 */
export async function followParcels(context: FlowContext, connection: ConnectionId, urgency: Urgency): Promise<number | null> {
  const carrier = context.carriers.get(connection);
  if (carrier === undefined || !isFollowed(carrier)) return null;
  return takeTurn(context, { name: turnName, connection, leaseMs }, urgency, async (held) => {
    await workOffNews(context, connection, held);
    return lookAtDue(context, { carrier, held, tells: await tellsByItself(context, carrier) });
  });
}

type Looking = { readonly carrier: Carrier; readonly held: InTurn; readonly tells: boolean };

async function tellsByItself(context: FlowContext, { connection, verifyWebhook }: Carrier): Promise<boolean> {
  const told = verifyWebhook === null ? null : await lastTold(context, connection);
  return told !== null && epochMs(context.clock.now()) - epochMs(told) < silentMs;
}

/** Looks at what is due, and keeps what came of each batch before the next one is asked for. While the carrier is to be left alone, what is to be asked after stays due. */
async function lookAtDue(context: FlowContext, looking: Looking): Promise<number> {
  const { journal, settings, circuits, clock } = context;
  const { connection, tracking } = looking.carrier;
  const size = Math.max(1, tracking?.atMost ?? 1);
  let looked = 0;
  let isAdmitted = false;
  while (looked < atMost) {
    const now = clock.now();
    const due = await journal.read((tx) => dueParcels(tx, settings, { connection, now, limit: atMost - looked }));
    const ask = due.filter(({ parcel }) => isToBeAsked(looking, parcel, now));
    const rest = due.filter((each) => !ask.includes(each)).map((stored) => ({ stored, asked: false, answer: null }));
    if (rest.length > 0) await keep(context, looking, rest);
    looked += rest.length;
    if (ask.length > 0 && !isAdmitted) {
      isAdmitted = await circuits.admits(connection);
      if (!isAdmitted) return looked;
    }
    for (let from = 0; from < ask.length; from += size) await askAfter(context, looking, ask.slice(from, from + size));
    looked += ask.length;
    if (due.length === 0) break;
  }
  if (isAdmitted) {
    await circuits.worked(connection);
    await noteConnection(context, connection, null);
  }
  return looked;
}

function isToBeAsked({ carrier, tells }: Looking, parcel: FollowedParcel, now: Instant): boolean {
  const { askAt } = stepParcel(parcel, null, { now, tells: tells && isTold(carrier, parcel, now) });
  return carrier.tracking !== null && askAt !== null && askAt <= now;
}

/** Asks after some parcels together, and alone where the carrier refuses them together: one that it never tells of must hold up no other. */
async function askAfter(context: FlowContext, looking: Looking, some: readonly StoredParcel[]): Promise<void> {
  const { connection, tracking } = looking.carrier;
  if (tracking === null) return;
  try {
    const answers = await speakingTo(connection, () => tracking.track(some.map(({ parcel }) => parcel.trackingNumber)));
    await keep(
      context,
      looking,
      some.map((stored, index) => ({ stored, asked: true, answer: answers[index] ?? null })),
    );
  } catch (error) {
    if (!isFault(error) || isOutage(error.toJSON())) throw error;
    if (some.length > 1) for (const each of some) await askAfter(context, looking, [each]);
    else
      for (const stored of some) {
        context.log({ at: context.clock.now(), event: 'parcel.not-read', connection, parcel: stored.key, code: error.code });
        await keep(context, looking, [{ stored, asked: true, answer: null }]);
      }
  }
}

type Heard = { readonly stored: StoredParcel; readonly asked: boolean; readonly answer: TrackingAnswer | null };

/** Keeps what was heard; of a parcel that changed meanwhile, as it is now. What was asked after without an answer is asked after again at its time. */
async function keep(context: FlowContext, { carrier, held, tells: carrierTells }: Looking, all: readonly Heard[]): Promise<void> {
  await context.journal.transaction(async (tx) => {
    await held.guard(tx);
    const now = context.clock.now();
    for (const { stored: before, asked, answer } of all) {
      const stored = await findParcel(tx, before.key);
      if (stored === null || stored.parcel.isWithdrawn) continue;
      if (answer !== null) await keepWords(tx, stored.parcel, answer.events);
      const news = asked ? newsOf('asked', answer ?? nothing) : null;
      const tells = carrierTells && isTold(carrier, stored.parcel, now);
      await takeNews(tx, context, stored, { news, tells, asks: carrier.tracking !== null, now });
      await renewPush(tx, { settings: context.settings, carrier }, stored, now);
    }
  });
}

const nothing: Pick<TrackingAnswer, 'events' | 'dueOn'> = { events: [], dueOn: null };
