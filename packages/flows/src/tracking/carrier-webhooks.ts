import type { ConnectionId, TrackingAnswer } from '@quartermaster/domain';
import { parcelScanSchema, scanOf } from '@quartermaster/fulfilment';
import type { Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { scopeOf, type FlowContext } from '../context.ts';
import { jsonOf } from '../plain-json.ts';
import type { InTurn } from '../turns.ts';
import type { TakenWebhook } from '../intake/webhooks.ts';
import { keepWords } from './parcel-words.ts';
import { findParcel, parcelsOfNumber } from './parcels.ts';
import { takeNews } from './take-news.ts';
import { isTold } from './tracking-push.ts';

/** Kind of the arrivals in the inbox. */
export const newsKind = 'parcel-news';

const answerSchema = z.object({ trackingNumber: z.string(), scans: z.array(parcelScanSchema), dueOn: z.string().nullable() });
const bodySchema = z.object({ parcels: z.array(answerSchema) });

/** Ids are short, and so is what is told at once; what is longer was not written by a carrier. */
const longest = { id: 200, number: 100, parcels: 500, scans: 500 };

/**
 * Takes a webhook of a carrier in: checks it, and keeps what it tells of parcels of ours. When the promise resolves it is on the disk and may be acknowledged; one that came before is absorbed. What
 * follows from it follows later ({@link workOffNews}). The carrier's own words go into the vault at once, everything else of the body is not kept.
 */
export async function takeCarrierWebhook(
  context: Pick<FlowContext, 'journal' | 'settings' | 'carriers' | 'clock' | 'log'>,
  connection: ConnectionId,
  given: { readonly rawBody: Uint8Array; readonly headers: Readonly<Record<string, string>> },
): Promise<TakenWebhook> {
  const { journal, settings, carriers, clock, log } = context;
  const verify = carriers.get(connection)?.verifyWebhook ?? null;
  if (verify === null) return { kind: 'unknown-channel' };
  const verdict = await verify(given.rawBody, given.headers);
  if (verdict.kind === 'ping') return { kind: 'ping' };
  const reason = verdict.kind === 'rejected' ? verdict.reason : isTooLong(verdict) ? 'an id or a list is too long' : null;
  if (verdict.kind === 'rejected' || reason !== null) {
    log({ at: clock.now(), event: 'webhook.rejected', connection, reason });
    return { kind: 'rejected' };
  }
  const { deliveryId, tracking } = verdict;
  const added = await journal.transaction(async (tx) => {
    const body = { parcels: tracking.map(({ trackingNumber, events, dueOn }) => ({ trackingNumber, scans: events.map(scanOf), dueOn })) };
    const added = await tx.inbox.add({
      scope: scopeOf(settings, connection),
      kind: newsKind,
      vendorId: deliveryId,
      revision: '',
      subject: null,
      body: jsonOf(body),
      receivedAt: clock.now(),
    });
    if (added === 'new') for (const answer of tracking) await keepWordsOf(tx, connection, answer);
    return added;
  });
  return { kind: 'taken', known: added === 'known' };
}

function isTooLong({ deliveryId, tracking }: { readonly deliveryId: string; readonly tracking: readonly TrackingAnswer[] }): boolean {
  return (
    deliveryId.length > longest.id ||
    tracking.length > longest.parcels ||
    tracking.some(({ trackingNumber, events }) => trackingNumber.length > longest.number || events.length > longest.scans)
  );
}

async function keepWordsOf(tx: Transaction, connection: ConnectionId, { trackingNumber, events }: TrackingAnswer): Promise<void> {
  for (const { parcel } of await parcelsOfNumber(tx, connection, trackingNumber)) await keepWords(tx, parcel, events);
}

/**
 * Takes in what a carrier told, the oldest first, in the name of its turn. A parcel that we do not have is somebody else's, or its label is being bought just now: then it is asked after at its
 * time. Returns how many webhooks that were.
 */
export async function workOffNews(context: FlowContext, connection: ConnectionId, held: InTurn): Promise<number> {
  const { journal, settings, carriers, clock } = context;
  const carrier = carriers.get(connection);
  if (carrier === undefined) return 0;
  const scope = scopeOf(settings, connection);
  let handled = 0;
  while (handled < atMost) {
    const waiting = await journal.read((tx) => tx.inbox.pending(perTransaction, { kind: newsKind, scope }));
    if (waiting.length === 0) break;
    await journal.transaction(async (tx) => {
      await held.guard(tx);
      const now = clock.now();
      for (const { id, body } of waiting) {
        for (const { trackingNumber, scans, dueOn } of bodySchema.parse(body).parcels)
          for (const { key } of await parcelsOfNumber(tx, connection, trackingNumber)) {
            const stored = await findParcel(tx, key);
            if (stored === null || stored.parcel.isWithdrawn) continue;
            await takeNews(tx, context, stored, { news: { by: 'told', scans, dueOn }, tells: isTold(carrier, stored.parcel, now), now });
          }
        await tx.inbox.markHandled(id);
      }
      await tx.cursors.set(scope, toldStream, { at: now }, held.lease);
    });
    handled += waiting.length;
  }
  return handled;
}

/** When the carrier last told something by itself. */
const toldStream = 'parcel-news-told';
const toldSchema = z.object({ at: z.string() });
/** Webhooks of one turn; more are left for the next. */
const atMost = 2_000;
const perTransaction = 50;

/** When a carrier last told something by itself; null: never. */
export async function lastTold(context: Pick<FlowContext, 'journal' | 'settings'>, connection: ConnectionId): Promise<string | null> {
  const { journal, settings } = context;
  return (await journal.read((tx) => tx.cursors.get(scopeOf(settings, connection), toldStream, toldSchema)))?.at ?? null;
}
