import type { ConnectionId, WebhookVerdict } from '@quartermaster/domain';
import { scopeOf, type FlowContext } from '../context.ts';
import { erasePerson } from './people.ts';
import type { InTurn } from '../turns.ts';

export const kind = 'webhook';

/** `ping`: the channel tried the address. `unknown-channel`: there is none of this name, or it sends no webhooks. `rejected`: not signed as it should be; why is nobody's business outside. */
export type TakenWebhook =
  | { readonly kind: 'taken'; readonly known: boolean }
  | { readonly kind: 'ping' }
  | { readonly kind: 'rejected' | 'unknown-channel' };

/** Ids and topics are short; what is longer was not written by a channel. They stand in headers, which the signature does not cover. */
const longest = 200;

/**
 * Takes a webhook in: checks its signature, and keeps that it came. When the promise resolves the arrival is on the disk and may be acknowledged; one that came before is absorbed. Of
 * its body only the order's id is kept: what it tells is read from the channel itself, which also knows what came after it. Whom the channel demands to be forgotten is forgotten in the same
 * transaction.
 */
export async function takeWebhook(
  context: Pick<FlowContext, 'journal' | 'settings' | 'channels' | 'clock' | 'log'>,
  connection: ConnectionId,
  given: { readonly rawBody: Uint8Array; readonly headers: Readonly<Record<string, string>> },
): Promise<TakenWebhook> {
  const { channels, clock, log } = context;
  const channel = channels.get(connection);
  if (channel === undefined || !channel.capabilities.webhooks) return { kind: 'unknown-channel' };
  const verdict = await channel.verifyWebhook(given.rawBody, given.headers);
  if (verdict.kind === 'ping') return { kind: 'ping' };
  const tooLong =
    verdict.kind === 'genuine' && [verdict.deliveryId, verdict.topic, verdict.orderId ?? ''].some((text) => text.length > longest);
  if (verdict.kind === 'rejected' || tooLong) {
    const reason = verdict.kind === 'rejected' ? verdict.reason : 'an id or a topic is too long';
    log({ at: clock.now(), event: 'webhook.rejected', connection, reason });
    return { kind: 'rejected' };
  }
  return { kind: 'taken', known: (await keepArrival(context, connection, verdict)) === 'known' };
}

/** What a channel announces of itself, however it came: an order to be read again, somebody to be forgotten. */
export type Announcement = Pick<Extract<WebhookVerdict, { kind: 'genuine' }>, 'deliveryId' | 'topic' | 'orderId' | 'triggeredAt' | 'erase'>;

/**
 * Keeps something that a channel announced by another way than a webhook, such as a queue, to be followed up like one. When the promise resolves it is on the disk; `known`: it came before.
 */
export async function keepArrival(
  context: Pick<FlowContext, 'journal' | 'settings' | 'clock' | 'log'>,
  connection: ConnectionId,
  { deliveryId, topic, orderId, triggeredAt, erase = [] }: Announcement,
): Promise<'new' | 'known'> {
  const { journal, settings, clock, log } = context;
  const at = clock.now();
  const { added, erased } = await journal.promptly(async (tx) => {
    const arrival = {
      scope: scopeOf(settings, connection),
      kind,
      vendorId: deliveryId,
      revision: topic,
      subject: null,
      body: { topic, orderId, triggeredAt },
      receivedAt: at,
    };
    // Only to forget somebody: there is nothing to be read after it.
    const added = await tx.inbox.add({ ...arrival, ...(erase.length > 0 && orderId === null ? { handledAt: at } : {}) });
    let erased = 0;
    for (const subject of added === 'known' ? [] : erase) {
      const reason = `${connection} demands it (${topic})`;
      if (await erasePerson(tx, { subject, by: `channel ${connection}`, reason, at })) erased += 1;
    }
    return { added, erased };
  });
  if (added === 'new' && erase.length > 0) log({ at, event: 'person.erasure-demanded', connection, erased });
  return added;
}

/** Channels of which webhooks wait to be followed up: they are to be read now. */
export async function announcedChannels({ journal, settings }: Pick<FlowContext, 'journal' | 'settings'>): Promise<ConnectionId[]> {
  return journal.read(async (tx) => {
    const announced: ConnectionId[] = [];
    for (const { connection } of settings.channels) {
      const [waiting] = await tx.inbox.pending(1, { kind, scope: scopeOf(settings, connection) });
      if (waiting !== undefined) announced.push(connection);
    }
    return announced;
  });
}

/**
 * Reads a channel in its turn, and thereby follows up every webhook of it that had come before: one reading answers them all. They count as handled when the reading has come to its end, so one
 * that is broken off or held back, or a process that dies, leaves them for the next.
 */
export async function followUp<Result extends { readonly heldBack: boolean }>(
  { journal, settings }: Pick<FlowContext, 'journal' | 'settings'>,
  connection: ConnectionId,
  held: InTurn,
  pull: () => Promise<Result>,
): Promise<Result> {
  const scope = scopeOf(settings, connection);
  const waiting = await journal.read((tx) => tx.inbox.pending(atOnce, { kind, scope }));
  const result = await pull();
  if (result.heldBack) return result;
  for (let from = 0; from < waiting.length; from += perTransaction)
    await journal.transaction(async (tx) => {
      await held.guard(tx);
      for (const { id } of waiting.slice(from, from + perTransaction)) await tx.inbox.markHandled(id);
    });
  return result;
}

/** Webhooks that one reading answers; more are left for the next one. */
const atOnce = 5_000;
const perTransaction = 500;
