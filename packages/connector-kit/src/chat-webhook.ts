import type { ConnectionId, Notifier } from '@quartermaster/domain';
import { createHttp } from './http.ts';
import { surroundingsOf, type SurroundingOptions } from './surroundings.ts';

export type ChatWebhookOptions = SurroundingOptions & {
  readonly connection: ConnectionId;
  /** Address of the webhook. Whoever has it may write to the chat, so it is a secret. */
  readonly url: string;
};

/**
 * Writes to a chat by its incoming webhook: one POST of `{ "text" }`, as Slack, Mattermost and Google Chat take it, and a workflow of Teams that is made for it. A chat knows no key of ours and cannot be
 * searched by its webhook, so what may have arrived is never sent again: `find` leaves it to a person. Throws a `RangeError`, which does not hold the address, when it is none.
 */
export function chatWebhook(options: ChatWebhookOptions): Notifier {
  const { connection, url } = options;
  if (!URL.canParse(url)) throw new RangeError(`the address of the chat webhook ${connection} is no URL`);
  const bucket = `chat/${connection}`;
  const http = createHttp({
    ...surroundingsOf(options, { [bucket]: oneASecond }),
    connector: 'chat-webhook',
    bucketOf: () => bucket,
    secrets: [url, new URL(url).pathname, new URL(url).search],
  });
  return {
    connection,
    safety: 'read-back',
    atOrders: null,
    async make({ text }) {
      await http({
        operation: 'notify',
        method: 'POST',
        url,
        headers: { 'Content-Type': 'application/json; charset=utf-8' },
        body: JSON.stringify({ text: withoutMarks(text) }),
        repeat: 'never',
      });
      return { ref: null };
    },
    find: () => Promise.resolve({ kind: 'cannot-tell', check: 'see in the chat whether the message is there' }),
  };
}

/** What Slack and Google Chat take. */
const oneASecond = { capacity: 1, perSecond: 1 };

/** `<...>` and `@...` would make links and call people together; a name out of a shop must not. */
function withoutMarks(text: string): string {
  return text.replaceAll('<', '(').replaceAll('>', ')').replaceAll('@', '(at)');
}
