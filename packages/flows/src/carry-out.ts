import {
  ConnectorFault,
  epochMs,
  instantOf,
  InvariantError,
  isFault,
  jitteredDelayMs,
  type EffectMemo,
  type Instant,
  type Scope,
} from '@quartermaster/domain';
import { JournalError, type LeasedIntent, type StoredFault, type Transaction } from '@quartermaster/journal';
import { channelEffects } from './channel-effects.ts';
import { channelOperations } from './channel-operations.ts';
import { circuitPolicy } from './circuit.ts';
import { isOutage } from './connection-circuits.ts';
import { noteConnection } from './connection-state.ts';
import { ownerOf, type FlowContext } from './context.ts';
import type { Achieved, AnyEffect, Started, UnderWay } from './effect.ts';
import { erpEffects } from './erp-effects.ts';
import { causeOf } from './fault-fields.ts';
import { billEffects } from './freight/bill-effects.ts';
import { batchEffects } from './waves/batch-effects.ts';
import { commandPayloadSchema, isCommandKind, orderOf } from './intents.ts';
import { labelEffects } from './label-effects.ts';
import { isTelling, notifyEffects } from './notifications/notify-effect.ts';
import { applyEvent } from './order-cases.ts';
import { stockEffects } from './stock/publish.ts';
import { followKind, tellOfUntold, trackingEffects } from './tracking/tracking-push.ts';

const effects: Readonly<Record<string, AnyEffect>> = {
  ...erpEffects,
  ...labelEffects,
  ...channelEffects,
  ...channelOperations,
  ...stockEffects,
  ...billEffects,
  ...batchEffects,
  ...trackingEffects,
  ...notifyEffects,
};

/** What is decided anew all the time never blocks as dead. */
const decidedAnew: readonly string[] = ['push-stock', followKind];

/**
 * How patient we are with an intent. Waiting times are full jitter between nothing and `base × 2^n`, at most `cap`. What fails by itself is given up after some 12 minutes; while a
 * connection is away as a whole its circuit is open and its intents wait without an attempt. Those that meet the outage (they probe it) have half a day of attempts, because a person
 * would only find hundreds of the same.
 */
const patience = {
  attempts: 12,
  outageAttempts: 300,
  lookups: 20,
  baseMs: 1_000,
  capMs: 5 * 60_000,
};

/** Retries of a connection: a hundred at once, then two a second. */
export const retryBudget = { capacity: 100, refillPerSecond: 2 };

/** The bucket of a connection's retries, which all replicas share. */
export function retryBucket({ tenant, company, connection }: Scope): string {
  return `retries/${[tenant, company, connection].map(encodeURIComponent).join('/')}`;
}

/** Makes the call of an intent that was claimed, and keeps what came of it. */
export async function carryOut(context: FlowContext, intent: LeasedIntent): Promise<void> {
  const started = await start(context, intent, async (tx) => tx.intents.markSent(intent.id, intent.token));
  if (started === null) return;
  let achieved: Achieved | UnderWay;
  try {
    achieved = await started.perform(memoOf(context, intent));
  } catch (error) {
    return afterFault(context, intent, error);
  }
  if ('underWayMs' in achieved) return stayUnknown(context, intent, later(context.clock.now(), achieved.underWayMs), null);
  await finish(context, intent, achieved);
}

/** Looks up what became of an intent that left without an answer: found is taken over, proved absent goes again, and where nobody can tell a person must look. */
export async function lookUp(context: FlowContext, intent: LeasedIntent): Promise<void> {
  const started = await start(context, intent, () => Promise.resolve(true));
  if (started === null) return;
  let seen: Awaited<ReturnType<Started['lookUp']>>;
  try {
    seen = await started.lookUp(intent.refs, memoOf(context, intent));
  } catch (error) {
    if (error instanceof JournalError) throw error;
    if (!isFault(error)) return giveUp(context, intent, plainFault(error), 'dead');
    await noteOutage(context, intent, error);
    if (intent.lookups >= (isOutage(error.toJSON()) ? patience.outageAttempts : patience.lookups))
      return giveUp(context, intent, plainFault(error), 'dead');
    return stayUnknown(context, intent, waitUntil(context, error, intent.lookups), error.toJSON());
  }
  if (seen.kind !== 'found') await noteWorking(context, intent);
  switch (seen.kind) {
    case 'found':
      return finish(context, intent, seen.result);
    case 'absent':
      if (intent.attempt >= patienceFor(intent.fault))
        return giveUp(context, intent, { code: 'absent', message: `it was sent ${intent.attempt} times and never arrived` }, 'dead');
      await context.journal.transaction((tx) =>
        tx.intents.retry(intent.id, intent.token, { runAt: context.clock.now(), outcome: 'not-applied', fault: intent.fault }),
      );
      return;
    case 'pending':
      if (intent.lookups >= patience.lookups)
        return giveUp(context, intent, { code: 'pending', message: `it was looked up ${intent.lookups} times and is not settled` }, 'dead');
      return stayUnknown(context, intent, later(context.clock.now(), seen.afterMs), intent.fault);
    case 'cannot-tell':
      return giveUp(context, intent, { code: 'cannot-tell', message: seen.check }, 'dead');
  }
}

/**
 * Prepares the effect in the transaction that marks it. Null when it will not go: impossible, not wanted any more, or the lease was lost. What may have happened already is not failed
 * but dead, because a person has to look at it.
 */
async function start(context: FlowContext, intent: LeasedIntent, mark: (tx: Transaction) => Promise<boolean>): Promise<Started | null> {
  const effect = effects[intent.kind];
  let prepared: Awaited<ReturnType<AnyEffect['start']>>;
  try {
    prepared = await context.journal.transaction(async (tx) => {
      if (effect === undefined) throw new InvariantError(`nobody knows how to carry out ${intent.kind}`);
      const answer = await effect.start(tx, context, intent);
      if (answer.kind === 'go' && !(await mark(tx))) return { kind: 'obsolete', reason: 'the lease was lost' };
      return answer;
    });
  } catch (error) {
    if (error instanceof JournalError) throw error;
    await giveUp(context, intent, plainFault(error), 'dead');
    return null;
  }
  if (prepared.kind === 'go') return prepared.request;
  const fault = { code: prepared.kind === 'refuse' ? 'refused' : 'obsolete', message: prepared.reason };
  if (prepared.kind === 'refuse') await giveUp(context, intent, fault, intent.inDoubt ? 'dead' : 'failed');
  else {
    await context.journal.transaction((tx) => tx.intents.fail(intent.id, intent.token, fault));
    context.log({ at: context.clock.now(), event: 'intent.obsolete', ...fieldsOf(intent) });
  }
  return null;
}

/** Keeps what came of it. When we cannot make sense of it the intent is dead, and says that it was done: a person must not have it repeated. */
async function finish(context: FlowContext, intent: LeasedIntent, achieved: Achieved): Promise<void> {
  let kept: boolean;
  try {
    kept = await context.journal.transaction(async (tx) => {
      if (!(await tx.intents.finish(intent.id, intent.token, achieved.result))) return false;
      await achieved.keep?.(tx);
      if (achieved.event !== null) await applyEvent(tx, context, commandPayloadSchema.parse(intent.payload).order, achieved.event);
      return true;
    });
  } catch (error) {
    if (error instanceof JournalError) throw error;
    const { code, message } = plainFault(error);
    return giveUp(context, intent, { code, message: `it was done, and then: ${message}` }, 'dead', { result: achieved.result });
  }
  await noteWorking(context, intent);
  context.log({ at: context.clock.now(), event: kept ? 'intent.done' : 'intent.lease-lost', ...fieldsOf(intent) });
}

async function afterFault(context: FlowContext, intent: LeasedIntent, error: unknown): Promise<void> {
  if (error instanceof JournalError) throw error;
  if (!isFault(error)) {
    // A defect of ours, perhaps behind a request that has left. Where repeating is not safe, only looking tells.
    const fault = plainFault(error);
    return intent.safety === 'read-back'
      ? stayUnknown(context, intent, context.clock.now(), fault)
      : giveUp(context, intent, fault, 'dead');
  }
  const { outcome, retry } = error.facts;
  const { attempt } = intent;
  const { code, vendorCode, requestId } = causeOf(error);
  context.log({ at: context.clock.now(), event: 'intent.fault', ...fieldsOf(intent), code, outcome, vendorCode, requestId });
  await noteOutage(context, intent, error);
  const fault = error.toJSON();
  const runAt = waitUntil(context, error, attempt);
  if (outcome === 'unknown' && intent.safety === 'read-back') return stayUnknown(context, intent, runAt, fault);
  if (retry.kind === 'never' && outcome === 'not-applied' && !isOutage(fault)) return giveUp(context, intent, plainFault(error), 'failed');
  if (attempt >= patienceFor(fault)) return giveUp(context, intent, plainFault(error), 'dead');
  const retryAt = await withinBudget(context, intent, runAt);
  await context.journal.transaction((tx) => tx.intents.retry(intent.id, intent.token, { runAt: retryAt, outcome, fault }));
}

/** A connection that fails much is not asked all the more: beyond its budget of retries, which all replicas share, they are spread over the longest wait. */
async function withinBudget({ journal, clock, random, log }: FlowContext, { scope }: LeasedIntent, runAt: Instant): Promise<Instant> {
  const answer = await journal.transaction((tx) => tx.buckets.take(retryBucket(scope), retryBudget));
  if (answer.kind === 'granted') return runAt;
  log({ at: clock.now(), event: 'retries.spread', connection: scope.connection, forMs: answer.afterMs });
  const spread = later(
    clock.now(),
    answer.afterMs + jitteredDelayMs({ baseMs: patience.capMs, capMs: patience.capMs, attempt: 1, random }),
  );
  return spread > runAt ? spread : runAt;
}

async function stayUnknown(context: FlowContext, intent: LeasedIntent, runAt: Instant, fault: StoredFault | null): Promise<void> {
  await context.journal.transaction((tx) => tx.intents.unknown(intent.id, intent.token, { runAt, fault }));
  const code = typeof fault?.['code'] === 'string' ? fault['code'] : null;
  if (intent.lookups === 0) context.log({ at: context.clock.now(), event: 'intent.unknown', ...fieldsOf(intent), code });
}

/**
 * Ends an intent that will not succeed by itself, and tells the order. When the order cannot take it in either, the exception is raised without it.
 */
async function giveUp(
  context: FlowContext,
  intent: LeasedIntent,
  fault: PlainFault,
  how: 'failed' | 'dead',
  more: StoredFault = {},
): Promise<void> {
  const stored = { ...fault, ...more };
  const end = (tx: Transaction) =>
    how === 'failed' || decidedAnew.includes(intent.kind)
      ? tx.intents.fail(intent.id, intent.token, stored)
      : tx.intents.kill(intent.id, intent.token, stored);
  const ended = (report: typeof reportFailure) =>
    context.journal.transaction(async (tx) => {
      if (!(await end(tx))) return false;
      await report(tx, context, intent, fault);
      return true;
    });
  let kept: boolean;
  try {
    kept = await ended(reportFailure);
  } catch (error) {
    if (error instanceof JournalError) throw error;
    kept = await ended(raiseFailure);
  }
  const at = context.clock.now();
  if (kept) context.log({ at, event: `intent.${how}`, ...fieldsOf(intent), code: fault.code });
  else context.log({ at, event: 'intent.lease-lost', ...fieldsOf(intent) });
}

type PlainFault = { readonly code: string; readonly message: string };

async function reportFailure(tx: Transaction, context: FlowContext, intent: LeasedIntent, fault: PlainFault): Promise<void> {
  if (isTelling(intent.kind)) return;
  if (intent.kind === followKind) return tellOfUntold(tx, context, intent, fault.code);
  if (!isCommandKind(intent.kind)) return raiseFailure(tx, context, intent, fault);
  const { order, shipmentId } = commandPayloadSchema.parse(intent.payload);
  await applyEvent(tx, context, order, { kind: 'failed', command: intent.kind, shipmentId, ...fault });
}

async function raiseFailure(tx: Transaction, context: FlowContext, intent: LeasedIntent, fault: PlainFault): Promise<void> {
  const code = `${intent.kind}-failed`;
  await tx.exceptions.raise({
    code,
    subjectKey: orderOf(intent),
    intentId: intent.id,
    owner: ownerOf(context.settings, code),
    reason: fault.message,
    at: context.clock.now(),
  });
}

function patienceFor(fault: StoredFault | null): number {
  return fault !== null && isOutage(fault) ? patience.outageAttempts : patience.attempts;
}

/** Tells the connection's circuit what a fault says of it. One exception for the connection, once its outage has lasted or when we were turned away. */
async function noteOutage(context: FlowContext, intent: LeasedIntent, fault: ConnectorFault): Promise<void> {
  const { connection } = intent.scope;
  if (!isOutage(fault.toJSON())) return noteWorking(context, intent);
  const failures = await context.circuits.failed(connection, fault);
  if (isTelling(intent.kind)) return;
  if (fault.code === 'unauthorized' || failures >= patience.attempts) await noteConnection(context, connection, fault.message);
}

/** The connection answered: whoever waits for it may go, and its exception is over. */
async function noteWorking(context: FlowContext, intent: LeasedIntent): Promise<void> {
  const { connection } = intent.scope;
  const wasBroken = await context.circuits.worked(connection);
  if (wasBroken || intent.attempt > 1 || intent.lookups > 0) await noteConnection(context, connection, null);
}

function memoOf(context: FlowContext, intent: LeasedIntent): EffectMemo {
  const kept = async (write: (tx: Transaction) => Promise<boolean>): Promise<void> => {
    if (!(await context.journal.transaction(write))) throw new InvariantError(`intent ${intent.id} belongs to another worker now`);
  };
  return {
    key: intent.key,
    refs: intent.refs,
    saveRefs: (refs) => kept((tx) => tx.intents.saveRefs(intent.id, intent.token, refs)),
    saveRaw: (answer) => kept((tx) => tx.intents.saveRaw(intent.id, intent.token, answer)),
    rawAnswers: async () => (await context.journal.read((tx) => tx.intents.rawAnswers(intent.id))).map(({ text }) => text),
  };
}

function plainFault(error: unknown): PlainFault {
  if (error instanceof ConnectorFault) return { code: error.code, message: error.message };
  return { code: 'bug', message: error instanceof Error ? error.message : 'an unknown error' };
}

function waitUntil(context: FlowContext, fault: ConnectorFault, attempt: number): Instant {
  const asked = fault.facts.retry.kind === 'after' ? fault.facts.retry.ms : 0;
  const { baseMs } = patience;
  // While the connection is away its circuit keeps the intent back; nobody shall wait much longer than that.
  const capMs = isOutage(fault.toJSON()) ? circuitPolicy.capMs : patience.capMs;
  return later(context.clock.now(), asked + jitteredDelayMs({ baseMs, capMs, attempt: Math.max(1, attempt), random: context.random }));
}

/** What every event of an intent says. */
function fieldsOf({ kind, key, attempt, scope }: LeasedIntent) {
  return { kind, key, connection: scope.connection, attempt };
}

function later(instant: Instant, ms: number): Instant {
  return instantOf(epochMs(instant) + ms);
}
