import type { Instant } from '@quartermaster/domain';
import type { Intent, Json, Transaction } from '@quartermaster/journal';
import type { FlowContext } from '../context.ts';
import { commandPayloadSchema, isCommandKind, orderOf } from '../intents.ts';
import { applyEvent, findCase } from '../order-cases.ts';
import { operate, refused, type Asked, type Outcome, type Refused, type Worked } from './operation.ts';
import { mayAct } from './roles.ts';

/**
 * Lets a dead or failed intent go once more. What may have happened outside, and is safe by reading back only, is looked up instead; with `provedAbsent` a person says to have looked,
 * and it goes.
 */
export async function retryIntent(
  context: FlowContext,
  asked: Asked,
  given: { readonly intent: number; readonly provedAbsent: boolean },
): Promise<Outcome> {
  const needs = given.provedAbsent ? 'supervisor' : 'operator';
  return operate(context, asked, { name: 'retry', needs, given }, async (tx, now) => {
    const intent = await tx.intents.get(given.intent);
    return intent === null ? noIntent(given.intent) : retryIn(tx, context, intent, { asked, now, provedAbsent: given.provedAbsent });
  });
}

/** Gives a dead or failed intent up, and tells its order. */
export async function dropIntent(context: FlowContext, asked: Asked, given: { readonly intent: number }): Promise<Outcome> {
  return operate(context, asked, { name: 'drop', needs: 'operator', given }, async (tx) => {
    const intent = await tx.intents.get(given.intent);
    if (intent === null) return noIntent(given.intent);
    return notOver(intent) ?? (await whyNeeded(tx, intent, asked)) ?? dropIn(tx, context, intent, asked);
  });
}

/** The part of a retry inside its transaction. */
export async function retryIn(
  tx: Transaction,
  context: FlowContext,
  intent: Intent,
  { asked, now, provedAbsent }: { readonly asked: Asked; readonly now: Instant; readonly provedAbsent: boolean },
): Promise<Worked | Refused> {
  const objection = notOver(intent) ?? notRepeatable(intent) ?? (await whySuperseded(tx, intent));
  if (objection !== null) return objection;
  const lookFirst = intent.inDoubt && intent.safety === 'read-back' && !provedAbsent;
  if (lookFirst && intent.state === 'failed')
    return refused('in-doubt', `intent ${intent.id} may have happened`, 'Look it up outside, then say so with --proved-absent.');
  const moved = lookFirst ? await tx.intents.lookUpAgain(intent.id, now) : await tx.intents.redrive(intent.id, now, { provedAbsent });
  if (!moved) return wrongState(intent);
  await tellOrder(tx, context, intent, 'retried', asked);
  await settleException(tx, intent, { asked, now, how: 'it goes once more' });
  return doneWith(tx, intent);
}

/** A person has rejected an intent that waited for an approval: it never goes, and its order is told. What an order cannot do without is refused. */
export async function rejectIntent(tx: Transaction, context: FlowContext, id: number, asked: Asked): Promise<Worked | Refused> {
  const intent = await tx.intents.get(id);
  if (intent === null) return noIntent(id);
  const objection = await whyNeeded(tx, intent, asked);
  if (objection !== null) return objection;
  const { cancelled } = await tx.intents.cancel({ orderKey: intent.orderKey, kinds: [intent.kind], keyPrefix: intent.key });
  if (!cancelled.some((each) => each.id === id)) return wrongState(intent);
  return afterDrop(tx, context, intent, asked);
}

async function dropIn(tx: Transaction, context: FlowContext, intent: Intent, asked: Asked): Promise<Worked | Refused> {
  if (!(await tx.intents.drop(intent.id))) return wrongState(intent);
  return afterDrop(tx, context, intent, asked);
}

async function afterDrop(tx: Transaction, context: FlowContext, intent: Intent, asked: Asked): Promise<Worked> {
  const now = context.clock.now();
  await tellOrder(tx, context, intent, 'given-up', asked);
  // The channel is told by hand, or never: for us the shipment has come to its end.
  if (intent.kind === 'confirm') {
    const { order, shipmentId } = commandPayloadSchema.parse(intent.payload);
    if (shipmentId !== null) await applyEvent(tx, context, order, { kind: 'confirmed', shipmentId });
  }
  await settleException(tx, intent, { asked, now, how: 'it was given up' });
  return doneWith(tx, intent);
}

async function tellOrder(tx: Transaction, context: FlowContext, intent: Intent, kind: 'retried' | 'given-up', asked: Asked): Promise<void> {
  if (!isCommandKind(intent.kind)) return;
  const { order, shipmentId } = commandPayloadSchema.parse(intent.payload);
  await applyEvent(tx, context, order, { kind, command: intent.kind, shipmentId, by: asked.by, reason: asked.reason });
}

/** An exception that was raised on the intent itself, because its order could not take it in. */
async function settleException(
  tx: Transaction,
  intent: Intent,
  { asked, now, how }: { readonly asked: Asked; readonly now: Instant; readonly how: string },
): Promise<void> {
  const which = { code: `${intent.kind}-failed`, subjectKey: orderOf(intent) };
  await tx.exceptions.resolve(which, { by: asked.by, reason: `${how}: ${asked.reason}`, at: now });
}

function notOver(intent: Intent): Refused | null {
  return intent.state === 'dead' || intent.state === 'failed' ? null : wrongState(intent);
}

function notRepeatable(intent: Intent): Refused | null {
  if (intent.kind === 'push-stock')
    return refused(
      'superseded',
      'levels of stock are decided anew all the time',
      'Nothing: the next publication says what is true by then.',
    );
  if (intent.fault !== null && 'result' in intent.fault)
    return refused(
      'already-done',
      `intent ${intent.id} was done outside, and only our part of it failed`,
      'Drop it, and report the defect.',
    );
  return null;
}

/** The same command was asked for again since: letting the older one go as well would do it twice. */
async function whySuperseded(tx: Transaction, intent: Intent): Promise<Refused | null> {
  const [, base, ask] = /^(.*)\/(\d+)$/.exec(intent.key) ?? [];
  if (base === undefined) return null;
  const later = await tx.intents.find(`${base}/${Number(ask) + 1}`);
  if (later === null) return null;
  return refused('superseded', `intent ${later.id} was asked for in its place and is ${later.state}`, `Look at intent ${later.id}.`);
}

/** What an order cannot do without is not given up behind its back; what may have happened is given up by a supervisor only. */
async function whyNeeded(tx: Transaction, intent: Intent, asked: Asked): Promise<Refused | null> {
  if (intent.inDoubt && !mayAct(asked.role, 'supervisor'))
    return refused('in-doubt', `intent ${intent.id} may have happened, and then nobody would know of it`, 'Retry it, or ask a supervisor.');
  const state = (await findCase(tx, orderOf(intent)))?.case.state;
  const needed =
    ((intent.kind === 'write-order' || intent.kind === 'allocate') && state === 'committed') ||
    (intent.kind === 'cancel-order' && state === 'cancelling');
  if (!needed) return null;
  return refused(
    'order-needs-it',
    `the order is ${state} and cannot go on without ${intent.kind}`,
    'Mend what it failed for and retry it.',
  );
}

async function doneWith(tx: Transaction, before: Intent): Promise<Worked> {
  const after = (await tx.intents.get(before.id)) ?? before;
  return { kind: 'done', key: orderOf(before), before: standingOfIntent(before), after: standingOfIntent(after) };
}

function standingOfIntent({ id, key, state, attempt, inDoubt }: Intent): Json {
  return { intent: id, key, state, attempt, inDoubt };
}

function wrongState({ id, state }: Intent): Refused {
  return refused('wrong-state', `intent ${id} is ${state}`, 'Only what is dead or failed waits for a person.');
}

function noIntent(id: number): Refused {
  return refused('not-found', `the journal has no intent ${id}`, "Look its id up with 'qm intents'.");
}
