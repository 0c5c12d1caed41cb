import { newsKind, type FlowContext } from '@quartermaster/flows';
import { seldom } from '../seldom.ts';

export type WebhookLimits = {
  /** Requests that are being answered at a time: with the size of a body they bound the memory. */
  readonly mostAtOnce: number;
  /** Webhooks of a channel that wait for it to be read, or of a carrier that wait for their turn. */
  readonly mostWaiting: number;
};

/** Why a webhook is not even looked at: too many at once, or too many of its connection wait; and after how many seconds it may come again. */
export type TurnedAway = { readonly reason: 'busy' | 'backlog'; readonly retryAfterSeconds: number };

/** Keeps webhooks out of which there are too many. */
export type WebhookBounds = {
  /** Whether webhooks of a connection are taken at all. */
  knows(connection: string): boolean;
  /** Null for one that may come in; who came in must leave. */
  enter(connection: string): Promise<TurnedAway | null>;
  leave(): void;
};

const busy: TurnedAway = { reason: 'busy', retryAfterSeconds: 5 };
const backlog: TurnedAway = { reason: 'backlog', retryAfterSeconds: 60 };
/** What waits is counted at most so often, not once per webhook. */
const countEveryMs = 1_000;

export function webhookBounds(
  { journal, channels, carriers }: Pick<FlowContext, 'journal' | 'channels' | 'carriers'>,
  { mostAtOnce, mostWaiting }: WebhookLimits,
): WebhookBounds {
  let within = 0;
  const telling = [...carriers.values()].filter(({ verifyWebhook }) => verifyWebhook !== null);
  const kinds = [
    ...[...channels.keys()].map((connection) => ({ connection, kind: 'webhook' })),
    ...telling.map(({ connection }) => ({ connection, kind: newsKind })),
  ];
  const waiting = new Map(
    kinds.map(({ connection, kind }) => [
      connection,
      seldom(() => journal.read((tx) => tx.counts.arrivals({ kind, connection, upTo: mostWaiting })), countEveryMs),
    ]),
  );
  return {
    knows: (connection) => waiting.has(connection),
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
