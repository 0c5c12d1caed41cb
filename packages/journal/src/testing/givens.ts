import type { Clock, Instant, Scope } from '@quartermaster/domain';
import { instantOf, epochMs } from '@quartermaster/domain';
import type { IntentDraft } from '../intent.ts';
import type { Journal } from '../journal.ts';

export const noon: Instant = '2026-11-21T12:00:00.000Z';
export const shop: Scope = { tenant: 'acme', company: 'main', connection: 'shop' };
export const masterKey = new Uint8Array(32).fill(7);

/** An instant some seconds after {@link noon}. */
export function after(seconds: number): Instant {
  return instantOf(epochMs(noon) + seconds * 1_000);
}

/** A clock that stands at {@link noon}. */
export const stoppedClock: Clock = { now: () => noon, sleep: () => Promise.resolve() };

export type MovableClock = Clock & { moveTo(instant: Instant): void };

/** A clock that begins at {@link noon} and stands where it is moved to; who sleeps by it wakes at once. */
export function movableClock(): MovableClock {
  let now = noon;
  return {
    now: () => now,
    sleep: () => Promise.resolve(),
    moveTo(instant) {
      now = instant;
    },
  };
}

/** An intent that may go at noon, alone in its order unless `orderKey` says otherwise. */
export function intent(key: string, change: Partial<IntentDraft> = {}): IntentDraft {
  return {
    key,
    scope: shop,
    kind: 'label',
    orderKey: key,
    subject: null,
    payload: { key },
    safety: 'read-back',
    runAt: noon,
    state: 'ready',
    ...change,
  };
}

export async function given(journal: Journal, ...drafts: readonly IntentDraft[]): Promise<void> {
  await journal.transaction(async (tx) => {
    for (const draft of drafts) await tx.intents.add(draft);
  });
}

/** Claims everything that may go, as a worker would. */
export function claim(journal: Journal, now: Instant = noon, limit = 100) {
  return journal.transaction((tx) => tx.intents.claim({ worker: 'worker', now, limit, leaseMs: 60_000 }));
}

/** Claims one intent and tells its id and token. */
export async function claimOne(journal: Journal, now: Instant = noon): Promise<{ id: number; token: string }> {
  const [claimed] = await claim(journal, now, 1);
  if (claimed === undefined) throw new Error('nothing to claim');
  return claimed;
}
