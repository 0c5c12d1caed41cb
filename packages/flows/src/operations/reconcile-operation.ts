import type { FlowContext } from '../context.ts';
import { everyCause, reconcile, type ReconcileReport } from '../drift/reconcile.ts';
import type { LookAt } from '../drift/look.ts';
import { subjectKey } from '../drift/views.ts';
import { jsonOf } from '../plain-json.ts';
import { answered, operate, refused, type Asked, type Operation, type Outcome } from './operation.ts';
import { mayAct } from './roles.ts';

/**
 * Compares now, and mends all that can be mended and has lasted for the window, within the bounds of the policy: also what the daemon leaves to a supervisor. Every deed is a transaction and
 * a row in the audit trail of its own; the operation is noted when it has ended, so a request that broke off may be sent again.
 */
export async function reconcileNow(context: FlowContext, asked: Asked, given: LookAt): Promise<Outcome> {
  const operation: Operation = { name: 'reconcile', needs: 'supervisor', given: jsonOf(given) };
  if (!mayAct(asked.role, operation.needs))
    return refused('not-allowed', `reconcile needs the role ${operation.needs}, and this is ${asked.role}`, `Ask a ${operation.needs}.`);
  const known = await answered(context, asked, operation);
  if (known !== null) return known;
  const { by, reason } = asked;
  const report = await reconcile(context, { at: given, causes: everyCause, by, reason }, { since: null, whenBusy: 'wait' });
  if (report === null) return refused('nothing-changes', 'another replica is at it', 'Ask again in a minute.');
  return operate(context, asked, operation, () => {
    const key = given.order ?? (given.sku === undefined ? 'everything' : `stock/${encodeURIComponent(given.sku)}`);
    return Promise.resolve({ kind: 'done', key, before: null, after: jsonOf(summaryOf(report)) });
  });
}

/** What the answer and the audit trail say of it: counts, and each difference with what was done. The evidence is in the ledger. */
function summaryOf({ at, orders, levels, positions, unread, closed, differences }: ReconcileReport) {
  return {
    at,
    orders,
    levels,
    positions,
    unread,
    closed,
    differences: differences.slice(0, toldAtMost).map(({ difference: { cause, subject, heal }, entry, verdict, outcome }) => ({
      cause,
      about: subjectKey(subject),
      since: entry.firstSeenAt,
      heal: heal?.kind ?? null,
      verdict: verdict.kind === 'heal' ? (outcome ?? 'heal') : verdict.why,
    })),
    more: Math.max(0, differences.length - toldAtMost),
  };
}

const toldAtMost = 200;
