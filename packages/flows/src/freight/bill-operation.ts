import type { Transaction } from '@quartermaster/journal';
import type { Instant } from '@quartermaster/domain';
import { scopeOf, type FlowContext } from '../context.ts';
import { jsonOf } from '../plain-json.ts';
import {
  answered,
  operate,
  refused,
  type Asked,
  type Operation,
  type Outcome,
  type Refused,
  type Worked,
} from '../operations/operation.ts';
import { mayAct } from '../operations/roles.ts';
import { billKind } from './bill-effects.ts';
import { billsAsked, draftBills, summaryOfDraft, takePlace, type DraftedBill, type DraftedBills } from './draft-bills.ts';
import { findInvoice, putInvoice } from './invoices.ts';

/**
 * Has an invoice's bill written: an intent for each of its currencies, which the workers carry out. Drafted outside of the transaction, because it reads much; when another bill was asked for meanwhile nothing
 * is done. An invoice whose lines do not come to what it declares is billed only when that is said.
 */
export async function billInvoice(
  context: FlowContext,
  asked: Asked,
  given: { readonly invoice: string; readonly despiteProblems: boolean },
): Promise<Outcome> {
  const { journal, settings, erp } = context;
  const operation: Operation = { name: 'freight-bill', needs: 'supervisor', given };
  if (!mayAct(asked.role, operation.needs))
    return refused('not-allowed', `freight-bill needs the role ${operation.needs}, and this is ${asked.role}`, `Ask a ${operation.needs}.`);
  const known = await answered(context, asked, operation);
  if (known !== null) return known;
  const { vendorBills } = erp;
  if (vendorBills === null) return refused('impossible', 'the ERP takes no bills', 'Enter the bill by hand.');
  const drafted = await draftBills(journal, settings.freight, given.invoice);
  if (drafted.kind === 'refused') return drafted;
  const objection = objectionTo(drafted, given.despiteProblems);
  if (objection !== null) return objection;
  return operate(context, asked, operation, (tx, now) => ask(tx, context, drafted, { now, safety: vendorBills.safety }));
}

function objectionTo({ stored, drafts, key }: DraftedBills, despiteProblems: boolean): Refused | null {
  if (stored.state === 'billed') return refused('already-done', `invoice ${key} has its bill`, 'Look for it in the ERP.');
  if (drafts.every(({ draft }) => draft.lines.length === 0))
    return refused('nothing-changes', `invoice ${key} adds nothing to what was billed before`, 'Nothing: there is nothing to pay.');
  const problems = drafts.flatMap((each) => each.problems);
  if (problems.length === 0 || despiteProblems) return null;
  return refused(
    'impossible',
    problems.join(' '),
    'Import what is missing of it; or say --despite-problems, and look at the draft before it is posted.',
  );
}

async function ask(
  tx: Transaction,
  context: FlowContext,
  drafted: DraftedBills,
  { now, safety }: { readonly now: Instant; readonly safety: NonNullable<FlowContext['erp']['vendorBills']>['safety'] },
): Promise<Worked | Refused> {
  const { key, stored, drafts } = drafted;
  const there = await findInvoice(tx, key);
  if (there === null || there.version !== stored.version || (await billsAsked(tx)) !== drafted.asked)
    return refused('wrong-state', 'another bill was asked for, or lines came in, in the same moment', 'Ask again.');
  const wanted: { readonly each: DraftedBill; readonly key: string }[] = [];
  for (const each of drafts.filter(({ draft }) => draft.lines.length > 0)) {
    const next = await nextKey(tx, `freight/${key}/bill/${each.draft.key.currency}`);
    if (next === null) continue;
    if (typeof next === 'object') return next;
    wanted.push({ each, key: next });
  }
  if (wanted.length === 0) return refused('already-done', `the bill of invoice ${key} is being written`, "See 'qm intents'.");
  const scope = scopeOf(context.settings, context.erp.connection);
  for (const { each, key: intentKey } of wanted)
    await tx.intents.add({
      key: intentKey,
      scope,
      kind: billKind,
      orderKey: `freight/${key}`,
      subject: null,
      payload: jsonOf({ invoice: key, draft: each.draft }),
      safety,
      runAt: now,
      state: 'ready',
    });
  const billing = there.invoice.billing ?? (await takePlace(tx, now));
  const currencies = drafts.filter(({ draft }) => draft.lines.length > 0).map(({ draft }) => draft.key.currency);
  await putInvoice(tx, { invoice: { ...there.invoice, billing, currencies }, state: 'billing', version: there.version }, now);
  const before = { state: stored.state };
  return {
    kind: 'done',
    key: `freight/${key}`,
    before,
    after: jsonOf({ state: 'billing', bills: wanted.map(({ each }) => summaryOfDraft(each)) }),
  };
}

/** The key of the intent to add: null when there is one that goes its way; refused when a person has to decide about it first. */
async function nextKey(tx: Transaction, base: string): Promise<string | null | Refused> {
  for (let ask = 1; ; ask++) {
    const key = `${base}/${ask}`;
    const earlier = await tx.intents.find(key);
    if (earlier === null) return key;
    if (earlier.state === 'failed' || earlier.state === 'cancelled') continue;
    if (earlier.state !== 'dead') return null;
    return refused('in-doubt', `intent ${earlier.id} may have written it`, `Retry intent ${earlier.id}: what is there is found.`);
  }
}
