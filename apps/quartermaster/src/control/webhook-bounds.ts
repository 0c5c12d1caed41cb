import type { FlowContext } from '@quartermaster/flows';
import { seldom } from '../seldom.ts';

export type WebhookLimits = {
  /** Requests that are being answered at a time: with the size of a body they bound the memory. */
  readonly mostAtOnce: number;
  /** Webhooks of a channel that wait for it to be read. */
  readonly mostWaiting: number;
};

/** Why a webhook is not even looked at: too many at once, or too many of its channel wait; and after how many seconds it may come again. */
export type TurnedAway = { readonly reason: 'busy' | 'backlog'; readonly retryAfterSeconds: number };

/** Keeps webhooks out of which there are too many. */
export type WebhookBounds = {
  /** Null for one that may come in; who came in must leave. */
  enter(connection: string): Promise<TurnedAway | null>;
  leave(): void;
};

const busy: TurnedAway = { reason: 'busy', retryAfterSeconds: 5 };
const backlog: TurnedAway = { reason: 'backlog', retryAfterSeconds: 60 };
/** What waits is counted at most so often, not once per webhook. */
const countEveryMs = 1_000;

export function webhookBounds(
  { journal, channels }: Pick<FlowContext, 'journal' | 'channels'>,
  { mostAtOnce, mostWaiting }: WebhookLimits,
): WebhookBounds {
  let within = 0;
  const waiting = new Map(
    [...channels.keys()].map((connection) => [
      connection,
      seldom(() => journal.read((tx) => tx.counts.arrivals({ kind: 'webhook', connection, upTo: mostWaiting })), countEveryMs),
    ]),
  );
  return {
    async enter(connection) {
      if (within >= mostAtOnce) return busy;
      within += 1;
      try {
        const count = (await waiting.get(connection)?.()) ?? 0;
        if (count < mostWaiting) return null;
      } catch (error) {
        within -= 1;
        throw error;
      }
      within -= 1;
      return backlog;
    },
    leave() {
      within -= 1;
    },
  };
}
