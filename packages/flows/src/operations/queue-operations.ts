import type { Instant } from '@quartermaster/domain';
import type { ExceptionCase, ReadTransaction, Transaction } from '@quartermaster/journal';
import type { FlowContext } from '../context.ts';
import type { ExceptionCare } from '../exceptions/exception-clock.ts';
import { careOf, keepCare } from '../exceptions/exception-queue.ts';
import { jsonOf } from '../plain-json.ts';
import { retryException } from './exception-operations.ts';
import { answered, operate, refused, type Asked, type Operation, type Outcome, type Refused, type Worked } from './operation.ts';
import { mayAct } from './roles.ts';

/** Exceptions that are meant: by their ids, or all open ones of a code. */
export type WhichExceptions = { readonly ids: readonly number[] } | { readonly code: string };

/** At most so many at once; what is more is left for another request. */
const mostAtOnce = 500;

/** Gives exceptions to somebody: a role or a person's name. Their clock goes on. */
export async function assignExceptions(
  context: FlowContext,
  asked: Asked,
  given: { readonly which: WhichExceptions; readonly owner: string },
): Promise<Outcome> {
  return changeCare(context, asked, { name: 'assign', needs: 'operator', given: jsonOf(given) }, given.which, (care) => ({
    ...care,
    owner: given.owner,
  }));
}

/** Lets the clock of exceptions stand still until a time to come: nobody else hears of them before. */
export async function snoozeExceptions(
  context: FlowContext,
  asked: Asked,
  given: { readonly which: WhichExceptions; readonly until: Instant },
): Promise<Outcome> {
  if (given.until <= context.clock.now()) return refused('impossible', `${given.until} is over`, 'Give a time to come.');
  const operation: Operation = { name: 'snooze', needs: 'operator', given: jsonOf(given) };
  return changeCare(context, asked, operation, given.which, (care) => ({ ...care, snoozedUntil: given.until }));
}

/**
 * Answers many exceptions at once, each as {@link retryException} does: what is refused is told and stops nothing else. Each is a transaction and a row in the audit trail of its own; a request
 * that broke off may be sent again.
 */
export async function retryExceptions(
  context: FlowContext,
  asked: Asked,
  given: { readonly which: WhichExceptions; readonly provedAbsent: boolean },
): Promise<Outcome> {
  const needs = given.provedAbsent ? 'supervisor' : 'operator';
  const operation: Operation = { name: 'retry-all', needs, given: jsonOf(given) };
  if (!mayAct(asked.role, needs))
    return refused('not-allowed', `retry needs the role ${needs}, and this is ${asked.role}`, `Ask a ${needs}.`);
  const known = await answered(context, asked, operation);
  if (known !== null) return known;
  const meant = await context.journal.read((tx) => exceptionsMeant(tx, given.which));
  if ('kind' in meant) return meant;
  const outcomes: { readonly exception: number; readonly outcome: string; readonly why: string | null }[] = [];
  for (const { id } of meant) {
    const one = await retryException(
      context,
      { ...asked, requestId: `${asked.requestId}:${id}` },
      { exception: id, provedAbsent: given.provedAbsent },
    );
    outcomes.push({ exception: id, outcome: one.kind === 'done' ? 'done' : one.code, why: one.kind === 'done' ? null : one.message });
  }
  return operate(context, asked, operation, () =>
    Promise.resolve({ kind: 'done', key: 'exceptions', before: null, after: jsonOf(outcomes) }),
  );
}

async function changeCare(
  context: FlowContext,
  asked: Asked,
  operation: Operation,
  which: WhichExceptions,
  change: (care: ExceptionCare) => ExceptionCare,
): Promise<Outcome> {
  return operate(context, asked, operation, async (tx, now): Promise<Worked | Refused> => {
    const meant = await exceptionsMeant(tx, which);
    if ('kind' in meant) return meant;
    const before = [];
    const after = [];
    for (const exception of meant) {
      const { body, version } = await careOf(tx, exception.id);
      const changed = change(body);
      await keepCare(tx, exception.id, changed, { now, version });
      before.push({ exception: exception.id, ...standing(exception, body) });
      after.push({ exception: exception.id, ...standing(exception, changed) });
    }
    const [only, ...others] = meant;
    return {
      kind: 'done',
      key: only !== undefined && others.length === 0 ? only.subjectKey : 'exceptions',
      before: jsonOf(before),
      after: jsonOf(after),
    };
  });
}

function standing({ code, owner }: ExceptionCase, care: ExceptionCare) {
  return { code, owner: care.owner ?? owner, snoozedUntil: care.snoozedUntil };
}

async function exceptionsMeant(tx: ReadTransaction | Transaction, which: WhichExceptions): Promise<ExceptionCase[] | Refused> {
  if ('code' in which) {
    const found = await tx.exceptions.list({ code: which.code, open: true, limit: mostAtOnce });
    return found.length > 0 ? found : refused('not-found', `no exception ${which.code} is open`, "See 'qm exceptions'.");
  }
  const found: ExceptionCase[] = [];
  for (const id of new Set(which.ids)) {
    const exception = await tx.exceptions.get(id);
    if (exception === null) return refused('not-found', `there is no exception ${id}`, "Look its id up with 'qm exceptions'.");
    if (exception.resolved !== null)
      return refused('wrong-state', `exception ${id} was settled by ${exception.resolved.by}`, 'Leave it out: it waits for nobody.');
    found.push(exception);
  }
  return found;
}
