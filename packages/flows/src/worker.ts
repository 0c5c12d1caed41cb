import { ConnectorFault, epochMs, instantOf, isFault, jitteredDelayMs, type EffectMemo, type Instant } from '@quartermaster/domain';
import type { LeasedIntent, Transaction } from '@quartermaster/journal';
import { channelEffects } from './channel-effects.ts';
import { ownerOf, type FlowContext } from './context.ts';
import type { Achieved, AnyEffect, Started } from './effect.ts';
import { erpEffects } from './erp-effects.ts';
import { commandPayloadSchema, isCommandKind } from './intents.ts';
import { labelEffects } from './label-effects.ts';
import { applyEvent } from './order-cases.ts';
import { stockEffects } from './publish.ts';

const effects: Readonly<Record<string, AnyEffect>> = { ...erpEffects, ...labelEffects, ...channelEffects, ...stockEffects };

/** How patient a worker is. Waiting times are full jitter between nothing and `base × 2^n`, at most `cap`. */
const patience = { attempts: 12, lookups: 20, baseMs: 1_000, capMs: 5 * 60_000, leaseMs: 10 * 60_000, atOnce: 8 };

/**
 * Carries out what may go now and looks up what left without an answer; returns how many intents that were. Effects of different orders go side by side, those of one order one after
 * the other.
 */
export async function runIntents(context: FlowContext): Promise<number> {
  const claim = () => ({ worker: 'flows', now: context.clock.now(), limit: patience.atOnce, leaseMs: patience.leaseMs });
  const { due, unknown } = await context.journal.transaction(async (tx) => ({
    due: await tx.intents.claim(claim()),
    unknown: await tx.intents.claimUnknown(claim()),
  }));
  await Promise.all([...due.map((intent) => carryOut(context, intent)), ...unknown.map((intent) => lookUp(context, intent))]);
  return due.length + unknown.length;
}

async function carryOut(context: FlowContext, intent: LeasedIntent): Promise<void> {
  const started = await start(context, intent, async (tx) => tx.intents.markSent(intent.id, intent.token));
  if (started === null) return;
  try {
    await finish(context, intent, await started.perform(memoOf(context, intent)));
  } catch (error) {
    await afterFault(context, intent, error);
  }
}

async function lookUp(context: FlowContext, intent: LeasedIntent): Promise<void> {
  const started = await start(context, intent, () => Promise.resolve(true));
  if (started === null) return;
  try {
    const seen = await started.lookUp(intent.refs, memoOf(context, intent));
    const now = context.clock.now();
    switch (seen.kind) {
      case 'found':
        return await finish(context, intent, seen.result);
      case 'absent':
        await context.journal.transaction((tx) =>
          tx.intents.retry(intent.id, intent.token, { runAt: now, outcome: 'not-applied', fault: null }),
        );
        return;
      case 'pending':
        await context.journal.transaction((tx) =>
          tx.intents.unknown(intent.id, intent.token, { runAt: later(now, seen.afterMs), fault: null }),
        );
        return;
      case 'cannot-tell':
        return await giveUp(context, intent, { code: 'cannot-tell', message: seen.check }, 'dead');
    }
  } catch (error) {
    if (!isFault(error) || intent.lookups >= patience.lookups) return giveUp(context, intent, plainFault(error), 'dead');
    const runAt = waitUntil(context, error, intent.lookups);
    await context.journal.transaction((tx) => tx.intents.unknown(intent.id, intent.token, { runAt, fault: error.toJSON() }));
  }
}

/** Prepares the effect in the transaction that marks it. Null when it will not go: refused beforehand, or the lease was lost. */
async function start(context: FlowContext, intent: LeasedIntent, mark: (tx: Transaction) => Promise<boolean>): Promise<Started | null> {
  const effect = effects[intent.kind];
  try {
    return await context.journal.transaction(async (tx) => {
      if (effect === undefined) throw new RangeError(`nobody knows how to carry out ${intent.kind}`);
      const prepared = await effect.start(tx, context, intent);
      if (prepared.kind === 'go') return (await mark(tx)) ? prepared.request : null;
      if (await tx.intents.fail(intent.id, intent.token, { code: 'refused', message: prepared.reason })) {
        await reportFailure(tx, context, intent, { code: 'refused', message: prepared.reason });
      }
      return null;
    });
  } catch (error) {
    await giveUp(context, intent, plainFault(error), 'dead');
    return null;
  }
}

async function finish(context: FlowContext, intent: LeasedIntent, achieved: Achieved): Promise<void> {
  await context.journal.transaction(async (tx) => {
    if (!(await tx.intents.finish(intent.id, intent.token, achieved.result))) return;
    await achieved.keep?.(tx);
    if (achieved.event !== null) await applyEvent(tx, context, commandPayloadSchema.parse(intent.payload).order, achieved.event);
  });
  context.log({ at: context.clock.now(), event: 'intent.done', kind: intent.kind, key: intent.key, attempt: intent.attempt });
}

async function afterFault(context: FlowContext, intent: LeasedIntent, error: unknown): Promise<void> {
  if (!isFault(error)) return giveUp(context, intent, plainFault(error), 'dead');
  const { outcome, retry } = error.facts;
  context.log({
    at: context.clock.now(),
    event: 'intent.fault',
    kind: intent.kind,
    key: intent.key,
    attempt: intent.attempt,
    code: error.code,
    outcome,
  });
  if (retry.kind === 'never' && outcome === 'not-applied') return giveUp(context, intent, plainFault(error), 'failed');
  if (intent.attempt >= patience.attempts && outcome === 'not-applied') return giveUp(context, intent, plainFault(error), 'dead');
  const runAt = waitUntil(context, error, intent.attempt);
  await context.journal.transaction(async (tx) => {
    if (outcome === 'unknown' && intent.safety === 'read-back') {
      await tx.intents.unknown(intent.id, intent.token, { runAt, fault: error.toJSON() });
    } else if (intent.attempt >= patience.attempts) {
      await tx.intents.kill(intent.id, intent.token, error.toJSON());
      await reportFailure(tx, context, intent, plainFault(error));
    } else {
      await tx.intents.retry(intent.id, intent.token, { runAt, outcome, fault: error.toJSON() });
    }
  });
}

/** Ends an intent that will not succeed by itself, and tells the order. Levels of stock are decided anew all the time, so they never block as dead. */
async function giveUp(context: FlowContext, intent: LeasedIntent, fault: PlainFault, how: 'failed' | 'dead'): Promise<void> {
  await context.journal.transaction(async (tx) => {
    const ended =
      how === 'failed' || intent.kind === 'push-stock'
        ? await tx.intents.fail(intent.id, intent.token, fault)
        : await tx.intents.kill(intent.id, intent.token, fault);
    if (ended) await reportFailure(tx, context, intent, fault);
  });
  context.log({ at: context.clock.now(), event: `intent.${how}`, kind: intent.kind, key: intent.key, code: fault.code });
}

type PlainFault = { readonly code: string; readonly message: string };

async function reportFailure(tx: Transaction, context: FlowContext, intent: LeasedIntent, fault: PlainFault): Promise<void> {
  if (isCommandKind(intent.kind)) {
    const { order, shipmentId } = commandPayloadSchema.parse(intent.payload);
    await applyEvent(tx, context, order, { kind: 'failed', command: intent.kind, shipmentId, ...fault });
    return;
  }
  await tx.exceptions.raise({
    code: `${intent.kind}-failed`,
    subjectKey: intent.orderKey,
    intentId: intent.id,
    owner: ownerOf(context.settings, `${intent.kind}-failed`),
    reason: fault.message,
    at: context.clock.now(),
  });
}

function memoOf(context: FlowContext, intent: LeasedIntent): EffectMemo {
  return {
    key: intent.key,
    refs: intent.refs,
    saveRefs: async (refs) => {
      await context.journal.transaction((tx) => tx.intents.saveRefs(intent.id, intent.token, refs));
    },
    saveRaw: async (answer) => {
      await context.journal.transaction((tx) => tx.intents.saveRaw(intent.id, intent.token, answer));
    },
  };
}

function plainFault(error: unknown): PlainFault {
  if (error instanceof ConnectorFault) return { code: error.code, message: error.message };
  return { code: 'bug', message: error instanceof Error ? error.message : 'an unknown error' };
}

function waitUntil(context: FlowContext, fault: ConnectorFault, attempt: number): Instant {
  const asked = fault.facts.retry.kind === 'after' ? fault.facts.retry.ms : 0;
  const { baseMs, capMs } = patience;
  return later(context.clock.now(), asked + jitteredDelayMs({ baseMs, capMs, attempt: Math.max(1, attempt), random: context.random }));
}

function later(instant: Instant, ms: number): Instant {
  return instantOf(epochMs(instant) + ms);
}
