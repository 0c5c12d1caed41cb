import type { Instant } from '@quartermaster/domain';
import { decide, orderLifecycle, type OrderCase, type OrderEvent } from '@quartermaster/fulfilment';
import type { Json, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import type { FlowContext } from '../context.ts';
import { applyEvent, findCase } from '../order-cases.ts';
import { jsonOf } from '../plain-json.ts';
import { mayAct, type Role } from './roles.ts';

/** Who asks for an operation, in what role and why (without personal data: it is kept for good). The same `requestId` again is the same request, and gets the same answer. */
export type Asked = { readonly requestId: string; readonly by: string; readonly role: Role; readonly reason: string };

export const refusalCodes = [
  'not-allowed',
  'not-found',
  'wrong-state',
  'nothing-changes',
  'in-doubt',
  'already-done',
  'superseded',
  'order-needs-it',
  'not-an-intent',
  'impossible',
  'request-id-reused',
  'frozen',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

/** Why an operation was not carried out, and what to do instead. Nothing was changed. */
export type Refused = { readonly kind: 'refused'; readonly code: RefusalCode; readonly message: string; readonly next: string };

/** What an operation changed: `key` is what it was about, `before` and `after` are what the audit trail keeps of it. */
export type Worked = { readonly kind: 'done'; readonly key: string; readonly before: Json; readonly after: Json };

/** `replayed`: the same request was carried out before, and this is its answer. */
export type Outcome = (Worked & { readonly operation: string; readonly replayed: boolean }) | Refused;

/** What is asked for: its name, who may at least, and its particulars. */
export type Operation = { readonly name: string; readonly needs: Role; readonly given: Json };

export function refused(code: RefusalCode, message: string, next: string): Refused {
  return { kind: 'refused', code, message, next };
}

const recordKind = 'operation';
const recordSchema = z.object({
  operation: z.string(),
  /** The whole request, to tell a repetition from another one under the same id. */
  request: z.string(),
  key: z.string(),
  before: z.json(),
  after: z.json(),
});

/**
 * Carries an operation out: the work, its row in the audit trail (who, role, why, before, after) and the memory of the request are one transaction. `work` refuses before it writes
 * anything.
 */
export async function operate(
  context: Pick<FlowContext, 'journal' | 'clock' | 'log'>,
  asked: Asked,
  operation: Operation,
  work: (tx: Transaction, now: Instant) => Promise<Worked | Refused>,
): Promise<Outcome> {
  const { name, needs, given } = operation;
  if (!mayAct(asked.role, needs))
    return refused('not-allowed', `${name} needs the role ${needs}, and this is ${asked.role}`, `Ask a ${needs} to do it.`);
  const request = JSON.stringify([name, given, asked.by, asked.reason]);
  const outcome = await context.journal.transaction(async (tx): Promise<Outcome> => {
    const known = await tx.records.get(recordKind, asked.requestId, recordSchema);
    if (known !== null) {
      if (known.body.request !== request)
        return refused('request-id-reused', `request ${asked.requestId} was another one`, 'Give every request an id of its own.');
      const { key, before, after } = known.body;
      return { kind: 'done', operation: name, key, before, after, replayed: true };
    }
    const now = context.clock.now();
    const worked = await work(tx, now);
    if (worked.kind === 'refused') return worked;
    const { key, before, after } = worked;
    const { by: actor, role, reason, requestId } = asked;
    await tx.audit.append({ at: now, actor, event: `operation.${name}`, key, detail: { role, reason, requestId, given, before, after } });
    const body = { operation: name, request, key, before, after };
    await tx.records.put(recordKind, requestId, { state: 'done', body, at: now, version: 0 });
    return { kind: 'done', operation: name, key, before, after, replayed: false };
  });
  if (outcome.kind === 'done' && !outcome.replayed)
    context.log({ at: context.clock.now(), event: `operation.${name}`, key: outcome.key, by: asked.by, role: asked.role });
  return outcome;
}

/** The answer of a request that was carried out already; null when there was none. For operations that take longer than a transaction may. */
export async function answered(context: Pick<FlowContext, 'journal'>, asked: Asked, { name, given }: Operation): Promise<Outcome | null> {
  const known = await context.journal.read((tx) => tx.records.get(recordKind, asked.requestId, recordSchema));
  if (known === null) return null;
  if (known.body.request !== JSON.stringify([name, given, asked.by, asked.reason]))
    return refused('request-id-reused', `request ${asked.requestId} was another one`, 'Give every request an id of its own.');
  const { key, before, after } = known.body;
  return { kind: 'done', operation: name, key, before, after, replayed: true };
}

/** Lets a person's event happen to an order; refused when the lifecycle does not know it there, or when nothing would come of it. */
export async function letHappen(
  tx: Transaction,
  context: FlowContext,
  key: string,
  event: OrderEvent,
  check: (given: OrderCase) => Refused | null = () => null,
): Promise<Worked | Refused> {
  const found = await findCase(tx, key);
  if (found === null) return refused('not-found', `the journal has no order ${key}`, "Look its key up with 'qm explain'.");
  const { state } = found.case;
  const step = orderLifecycle[state][event.kind];
  if (!('to' in step))
    return refused('wrong-state', `the order is ${state}: ${'illegal' in step ? step.illegal : step.ignore}`, 'See where it stands first.');
  const objection = check(found.case);
  if (objection !== null) return objection;
  const foreseen = decide(found.case, event, context.clock.now());
  if (JSON.stringify(foreseen.case) === JSON.stringify(found.case))
    return refused('nothing-changes', foreseen.reasons.join('; '), 'See where the order stands first.');
  const after = await applyEvent(tx, context, key, event);
  return { kind: 'done', key, before: standingOf(found.case), after: standingOf(after) };
}

/** What the audit trail keeps of an order before and after: where it stands, what holds or steers it, and what was cancelled or given back. */
export function standingOf({ state, holds, approvals, overrides, failures, cancellations, refunds }: OrderCase): Json {
  return jsonOf({ state, holds, approvals, overrides, failures, cancellations, refunds });
}
