import {
  epochMs,
  instantOf,
  type Clock,
  type ConnectorOperation,
  type TrackingSubscribed,
  type TrackingSubscription,
} from '@quartermaster/domain';
import { readReply, type UpsClient } from './client.ts';
import { notDone, type Redact } from './faults.ts';
import { subscriptionDays, versions } from './limits.ts';
import { wireSubscribedSchema } from './wire.ts';

/**
 * Subscribes to a parcel's tracking for 14 days; later it has to be renewed, by asking anew. Asking twice is the same as once. UPS says nothing of what happened before, and lists no
 * subscriptions. Where the webhook goes is set in UPS's portal.
 */
export function trackAlert(client: UpsClient, clock: Clock, redact: Redact): ConnectorOperation<TrackingSubscription, TrackingSubscribed> {
  return {
    safety: 'natural',
    async make({ trackingNumber }) {
      const operation = 'tracking.subscribe';
      const reply = await client.call({
        operation,
        method: 'POST',
        path: `/track/${versions.trackAlert}/subscription/standard/package`,
        body: { locale: 'en_US', trackingNumberList: [trackingNumber] },
        kind: 'repeatable-effect',
        redact,
      });
      const { validTrackingNumbers } = readReply(wireSubscribedSchema, reply, operation, 'unknown');
      if (!(validTrackingNumbers ?? []).includes(trackingNumber))
        throw notDone(
          'refused',
          operation,
          `UPS takes no subscription to ${trackingNumber}`,
          'Only numbers that begin with 1Z (or 1R) can be subscribed to.',
        );
      return { ref: trackingNumber, endsAt: instantOf(epochMs(clock.now()) + subscriptionDays * 86_400_000) };
    },
    find: async () => ({ kind: 'absent' }),
  };
}
