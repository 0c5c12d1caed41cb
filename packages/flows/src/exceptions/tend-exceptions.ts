import type { ExceptionCase, Transaction } from '@quartermaster/journal';
import type { FlowContext } from '../context.ts';
import { escalationsDue, exceptionCareSchema } from './exception-clock.ts';
import { careKind, careOf, keepCare } from './exception-queue.ts';

/**
 * Moves on what has waited too long: each exception whose time is over goes to whom the policy says, once a step, audited. Forgets what was done about those that are settled. Returns how many
 * went on to somebody. Several replicas may do it at once: each step is taken in a transaction that looks again.
 */
export async function tendExceptions(context: FlowContext): Promise<number> {
  const { journal, clock, settings } = context;
  await closeCare(context);
  if (Object.keys(settings.exceptions.escalate).length === 0) return 0;
  let moved = 0;
  for (let after = 0; ;) {
    const page = await journal.read((tx) => tx.exceptions.list({ open: true, after, limit: pageSize }));
    for (const exception of page) {
      const care = await journal.read((tx) => careOf(tx, exception.id));
      if (escalationsDue(exception, care.body, { policy: settings.exceptions, now: clock.now() }).length === 0) continue;
      if (await journal.transaction((tx) => escalate(tx, context, exception.id))) moved += 1;
    }
    after = page.at(-1)?.id ?? after;
    if (page.length < pageSize) return moved;
  }
}

async function escalate(tx: Transaction, context: FlowContext, id: number): Promise<boolean> {
  const exception = await tx.exceptions.get(id);
  if (exception === null) return false;
  const { body: care, version } = await careOf(tx, id);
  const now = context.clock.now();
  const steps = escalationsDue(exception, care, { policy: context.settings.exceptions, now });
  const last = steps.at(-1);
  if (last === undefined) return false;
  const escalations = [...care.escalations, ...steps.map(({ to }) => ({ to, at: now }))];
  await keepCare(tx, id, { ...care, owner: last.to, escalations }, { now, version });
  await tellEscalation(tx, context, exception, { from: care.owner ?? exception.owner, to: last.to });
  return true;
}

async function tellEscalation(
  tx: Transaction,
  context: FlowContext,
  exception: ExceptionCase,
  { from, to }: { from: string; to: string },
): Promise<void> {
  const at = context.clock.now();
  const { id, code, subjectKey: key } = exception;
  await tx.audit.append({ at, actor: 'quartermaster', event: 'exception.escalated', key, detail: { exception: id, code, from, to } });
  context.log({ at, event: 'exception.escalated', code, about: key, step: (await careOf(tx, id)).body.escalations.length });
}

/** Records of exceptions that are settled are over, and go when the journal is pruned. */
async function closeCare({ journal, clock }: FlowContext): Promise<void> {
  const settled = await journal.read(async (tx) => {
    const found: string[] = [];
    for (let after = ''; ;) {
      const page = await tx.records.list(careKind, exceptionCareSchema, { states: ['open'], after, limit: pageSize });
      for (const { key } of page) if (((await tx.exceptions.get(Number(key)))?.resolved ?? null) !== null) found.push(key);
      after = page.at(-1)?.key ?? after;
      if (page.length < pageSize) return found;
    }
  });
  for (const key of settled)
    await journal.transaction(async (tx) => {
      const { body, version } = await careOf(tx, Number(key));
      await tx.records.put(careKind, key, { state: settledCare, body, at: clock.now(), version });
    });
}

/** State of what was done about an exception that is settled. */
export const settledCare = 'settled';
const pageSize = 500;
