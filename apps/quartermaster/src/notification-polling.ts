import { takeNotifications, type NotificationQueue } from '@quartermaster/amazon';
import { JournalError } from '@quartermaster/journal';
import { keepArrival, placeOf, type FlowWorld } from '@quartermaster/flows';
import type { LoadedConfig } from './config.ts';
import type { SecretOf } from './connect.ts';
import { sqsQueue } from './sqs-queue.ts';

/** After a queue failed it is asked again after so long. */
const pauseMs = 30_000;

/**
 * Takes what a marketplace tells by a queue, until it is stopped: an order that changed is kept like a webhook, so that the daemon reads it at once, and only then the message is removed.
 * What cannot be read is passed over; the ordinary reading finds everything.
 */
export async function pollQueue(
  context: Pick<FlowWorld, 'journal' | 'settings' | 'clock' | 'log'>,
  connection: string,
  { queue, signal }: { readonly queue: NotificationQueue; readonly signal: AbortSignal },
): Promise<void> {
  const { clock, log } = context;
  // The inbox absorbs repetitions.
  const recent = { has: () => false, add: () => undefined };
  while (!signal.aborted) {
    try {
      await takeNotifications({
        queue,
        recent,
        async handle({ id, type, orderId, happenedAt }) {
          if (orderId !== null) await keepArrival(context, connection, { deliveryId: id, topic: type, orderId, triggeredAt: happenedAt });
        },
        strange: (reason) => log({ at: clock.now(), event: 'webhook.rejected', connection, reason }),
      });
    } catch (error) {
      if (signal.aborted) return;
      const code = error instanceof JournalError ? error.code : 'queue';
      log({ at: clock.now(), event: 'webhook.not-kept', code, place: placeOf(error) });
      await clock.sleep(pauseMs, signal).catch(() => undefined);
    }
  }
}

/** Polls the queues of a config beside the daemon; the promises end when they are stopped. */
export function startPolling(
  { config }: LoadedConfig,
  secretOf: SecretOf,
  context: Pick<FlowWorld, 'journal' | 'settings' | 'clock' | 'log'>,
  signal: AbortSignal,
): Promise<void>[] {
  return config.channels.flatMap((channel, index) => {
    if (channel.kind !== 'amazon' || channel.notificationQueue === undefined) return [];
    const { url, accessKeyId, secretAccessKey } = channel.notificationQueue;
    const keys = { accessKeyId, secretAccessKey: secretOf(secretAccessKey, `channels[${index}].notificationQueue.secretAccessKey`) };
    return [pollQueue(context, channel.connection, { queue: sqsQueue({ url, keys, clock: context.clock, signal }), signal })];
  });
}
