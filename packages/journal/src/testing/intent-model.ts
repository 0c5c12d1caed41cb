import type { FaultOutcome, Safety } from '@quartermaster/domain';
import type { IntentState } from '../intent-state.ts';

/** An intent as the model keeps it; times are seconds after noon. */
export type ModelIntent = {
  readonly id: number;
  readonly orderKey: string;
  readonly safety: Safety;
  state: IntentState;
  runAt: number;
  attempt: number;
  lookups: number;
  inDoubt: boolean;
  /** Number of the lease that holds it. */
  lease: number | null;
  leaseUntil: number;
};

/** What the intents of a journal must do, said a second time and as simply as possible: loops over an array, leases by number. */
export type IntentModel = {
  readonly intents: readonly ModelIntent[];
  add(orderKey: string, safety: Safety, runAt: number, state: 'planned' | 'ready'): void;
  /** The ids that are claimed, in order; each of them is held by `lease` from now on. */
  claim(lease: number, now: number, limit: number): number[];
  claimUnknown(lease: number, now: number, limit: number): number[];
  /** Does something as the holder of a lease; false when the lease is lost, `refused` when it would be unsafe. */
  asHolder(id: number, lease: number, act: HolderAct): boolean | 'refused';
  recover(now: number, leases: 'expired' | 'all'): number[];
  cancel(orderKey: string): number[];
  redrive(id: number, now: number): boolean;
  drop(id: number): boolean;
  makeReady(id: number): boolean;
};

export type HolderAct =
  | { readonly kind: 'markSent' | 'finish' | 'fail' | 'kill' }
  | { readonly kind: 'renew'; readonly now: number }
  | { readonly kind: 'retry'; readonly outcome: FaultOutcome; readonly runAt: number }
  | { readonly kind: 'unknown'; readonly runAt: number };

export const leaseSeconds = 60;

const isInFlight = ({ state }: ModelIntent): boolean => state === 'leased' || state === 'sent' || state === 'unknown';

export function intentModel(): IntentModel {
  const intents: ModelIntent[] = [];
  const find = (id: number) => intents.find((intent) => intent.id === id);

  const blocks = (other: ModelIntent, intent: ModelIntent): boolean => {
    if (other.orderKey !== intent.orderKey || other.id === intent.id) return false;
    return isInFlight(other) || (other.id < intent.id && (other.state === 'planned' || other.state === 'ready' || other.state === 'dead'));
  };
  const end = (intent: ModelIntent, state: IntentState) => {
    intent.state = state;
    intent.lease = null;
  };

  return {
    intents,
    add(orderKey, safety, runAt, state) {
      intents.push({
        id: intents.length + 1,
        orderKey,
        safety,
        state,
        runAt,
        attempt: 0,
        lookups: 0,
        inDoubt: false,
        lease: null,
        leaseUntil: 0,
      });
    },
    claim(lease, now, limit) {
      const chosen = intents
        .filter((intent) => intent.state === 'ready' && intent.runAt <= now && !intents.some((other) => blocks(other, intent)))
        .slice(0, limit);
      for (const intent of chosen) {
        intent.state = 'leased';
        intent.attempt += 1;
        intent.lookups = 0;
        intent.lease = lease;
        intent.leaseUntil = now + leaseSeconds;
      }
      return chosen.map((intent) => intent.id);
    },
    claimUnknown(lease, now, limit) {
      const chosen = intents
        .filter((intent) => intent.state === 'unknown' && intent.runAt <= now && (intent.lease === null || intent.leaseUntil <= now))
        .filter((intent) => !intents.some((other) => other.orderKey === intent.orderKey && other.id < intent.id && isInFlight(other)))
        .slice(0, limit);
      for (const intent of chosen) {
        intent.lookups += 1;
        intent.lease = lease;
        intent.leaseUntil = now + leaseSeconds;
      }
      return chosen.map((intent) => intent.id);
    },
    asHolder(id, lease, act) {
      const intent = find(id);
      if (intent === undefined || intent.lease !== lease) return false;
      switch (act.kind) {
        case 'markSent':
          if (intent.state === 'unknown') return 'refused';
          intent.state = 'sent';
          return true;
        case 'renew':
          intent.leaseUntil = act.now + leaseSeconds;
          return true;
        case 'finish':
          end(intent, 'done');
          return true;
        case 'fail':
          end(intent, 'failed');
          return true;
        case 'kill':
          end(intent, 'dead');
          return true;
        case 'unknown':
          intent.inDoubt = true;
          intent.runAt = act.runAt;
          end(intent, 'unknown');
          return true;
        case 'retry':
          if (act.outcome === 'unknown' && intent.safety === 'read-back') return 'refused';
          if (act.outcome === 'unknown') intent.inDoubt = true;
          else if (intent.state === 'unknown') intent.inDoubt = false;
          intent.runAt = act.runAt;
          end(intent, 'ready');
          return true;
      }
    },
    recover(now, leases) {
      const over = intents.filter((intent) => intent.lease !== null && (leases === 'all' || intent.leaseUntil <= now));
      const moved = over.filter((intent) => intent.state !== 'unknown');
      for (const intent of over) {
        if (intent.state === 'sent') {
          intent.inDoubt = true;
          if (intent.safety === 'read-back') intent.runAt = now;
          end(intent, intent.safety === 'read-back' ? 'unknown' : 'ready');
        } else {
          end(intent, intent.state === 'leased' ? 'ready' : intent.state);
        }
      }
      return moved.map((intent) => intent.id);
    },
    cancel(orderKey) {
      const chosen = intents.filter(
        (intent) => intent.orderKey === orderKey && (intent.state === 'planned' || intent.state === 'ready') && !intent.inDoubt,
      );
      for (const intent of chosen) intent.state = 'cancelled';
      return chosen.map((intent) => intent.id);
    },
    redrive(id, now) {
      const intent = find(id);
      if (intent === undefined || (intent.state !== 'dead' && intent.state !== 'failed')) return false;
      intent.state = 'ready';
      intent.runAt = now;
      return true;
    },
    drop(id) {
      const intent = find(id);
      if (intent === undefined || (intent.state !== 'dead' && intent.state !== 'failed')) return false;
      intent.state = 'cancelled';
      return true;
    },
    makeReady(id) {
      const intent = find(id);
      if (intent?.state !== 'planned') return false;
      intent.state = 'ready';
      return true;
    },
  };
}
