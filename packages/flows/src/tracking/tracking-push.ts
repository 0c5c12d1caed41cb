import { epochMs, keyText, type Carrier, type Instant, type TrackingSubscribed, type TrackingSubscription } from '@quartermaster/domain';
import { stepParcel, type FollowedParcel } from '@quartermaster/fulfilment';
import type { Intent, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { ownerOf, scopeOf, type FlowContext } from '../context.ts';
import { anyEffect, type Achieved, type AnyEffect, type Effect } from '../effect.ts';
import { jsonOf } from '../plain-json.ts';
import { findParcel, putParcel, type StoredParcel } from './parcels.ts';

/** The kind of intent by which a carrier is asked to tell of a parcel. */
export const followKind = 'follow-parcel';
/** A carrier does not take it that it should tell of parcels: one exception for all of them. */
export const untoldCode = 'parcels-not-told';

const payloadSchema = z.object({ parcel: z.string() });

/**
 * Asks the carrier to tell of a parcel, where that is asked for parcel by parcel and its webhooks can be checked. Once for each time: `endedAt` says after the end of which.
 */
export async function askToBeTold(
  tx: Transaction,
  { settings, carrier }: { readonly settings: FlowContext['settings']; readonly carrier: Carrier },
  { key, parcel }: Pick<StoredParcel, 'key' | 'parcel'>,
  now: Instant,
): Promise<void> {
  if (carrier.trackingPush === null || carrier.verifyWebhook === null) return;
  const scope = scopeOf(settings, carrier.connection);
  await tx.intents.add({
    key: `${key}/${followKind}/${parcel.push?.endsAt ?? 'first'}`,
    scope,
    kind: followKind,
    orderKey: keyText(scope, followKind, parcel.labelRef),
    subject: null,
    payload: { parcel: key },
    safety: carrier.trackingPush.safety,
    runAt: now,
    state: 'ready',
  });
}

/** A subscription that ends is asked for anew so long before. */
const renewBeforeMs = 2 * 24 * 3_600_000;

/** Asks anew where the carrier tells for a while only and that comes to its end; for a parcel that is still followed. */
export async function renewPush(
  tx: Transaction,
  given: { readonly settings: FlowContext['settings']; readonly carrier: Carrier },
  stored: Pick<StoredParcel, 'key' | 'parcel'>,
  now: Instant,
): Promise<void> {
  const endsAt = stored.parcel.push?.endsAt ?? null;
  if (endsAt !== null && epochMs(endsAt) - epochMs(now) < renewBeforeMs) await askToBeTold(tx, given, stored, now);
}

/** Whether a carrier tells of this parcel by itself, as far as that is asked for parcel by parcel. */
export function isTold({ trackingPush }: Pick<Carrier, 'trackingPush'>, { push }: Pick<FollowedParcel, 'push'>, now: Instant): boolean {
  return trackingPush === null || (push !== null && (push.endsAt === null || push.endsAt > now));
}

type Following = { readonly carrier: Carrier; readonly push: NonNullable<Carrier['trackingPush']>; readonly stored: StoredParcel };

const followParcel: Effect<Following> = {
  async prepare(tx, context, intent) {
    const { parcel: key } = payloadSchema.parse(intent.payload);
    const stored = await findParcel(tx, key);
    const carrier = context.carriers.get(intent.scope.connection);
    const push = carrier?.trackingPush ?? null;
    if (stored === null || carrier === undefined || push === null)
      return { kind: 'obsolete', reason: 'the parcel, or its carrier, is followed no more' };
    if (stepParcel(stored.parcel, null, { now: context.clock.now(), tells: false }).lookAt === null)
      return { kind: 'obsolete', reason: 'the parcel has come to its end' };
    return { kind: 'go', request: { carrier, push, stored } };
  },
  async perform(context, following, memo) {
    return achieved(context, following, await following.push.make(requestOf(following), memo));
  },
  async lookUp(context, following, _refs, memo) {
    const seen = await following.push.find(requestOf(following), memo);
    return seen.kind === 'found' ? { kind: 'found', result: achieved(context, following, seen.result) } : seen;
  },
};

export const trackingEffects: Readonly<Record<typeof followKind, AnyEffect>> = { [followKind]: anyEffect(followParcel) };

function requestOf({ stored }: Following): TrackingSubscription {
  return { trackingNumber: stored.parcel.trackingNumber, service: stored.parcel.service };
}

function achieved(context: FlowContext, { carrier, stored }: Following, { ref, endsAt }: TrackingSubscribed): Achieved {
  return {
    result: jsonOf({ ref, endsAt }),
    event: null,
    async keep(tx) {
      const now = context.clock.now();
      const current = await findParcel(tx, stored.key);
      if (current === null) return;
      const parcel = { ...current.parcel, push: { endsAt } };
      const { standing, lookAt } = stepParcel(parcel, null, { now, tells: false });
      await putParcel(tx, context.settings, current, { parcel, standing, lookAt, at: now });
      const resolution = { by: 'quartermaster', reason: 'it takes them again', at: now };
      await tx.exceptions.resolve({ code: untoldCode, subjectKey: carrier.connection }, resolution);
    },
  };
}

/** Nobody waits for this: such a parcel is asked after instead. A person is told once of all of them. */
export async function tellOfUntold(tx: Transaction, context: FlowContext, intent: Intent, why: string): Promise<void> {
  const { connection } = intent.scope;
  await tx.exceptions.raise({
    code: untoldCode,
    subjectKey: connection,
    owner: ownerOf(context.settings, untoldCode),
    reason: `${connection} does not take it that it should tell of parcels (${why}): they are asked after instead`,
    at: context.clock.now(),
  });
}
