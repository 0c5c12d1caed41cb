import { orderCaseSchema } from '@quartermaster/fulfilment';
import type { JournalReader, ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import type { FlowContext } from '../context.ts';
import { whyFrozen } from '../maturity/freeze.ts';
import { jsonOf } from '../plain-json.ts';
import { readPolicy } from '../policy/policy-file.ts';
import { policyStamp } from '../policy/policy-hash.ts';
import { keepVersion, policyVersion, settingsInForce, settingsUnder } from '../policy/policy-in-force.ts';
import { lintPolicy, type LintKnowledge } from '../policy/policy-lint.ts';
import { operate, refused, type Asked, type Outcome } from './operation.ts';

/** Puts a policy in force: kept as a version in the journal with who did it and why, and taken up by every daemon at its next turn. Refused with what is wrong with it when it cannot be read, or does not pass the linter. */
export async function applyPolicy(context: FlowContext, asked: Asked, given: { readonly policy: unknown }): Promise<Outcome> {
  const policy = z.json().parse(given.policy);
  return operate(context, asked, { name: 'apply-policy', needs: 'admin', given: { policy } }, async (tx, now) => {
    const frozen = await whyFrozen(tx, now, 'the policy');
    if (frozen !== null) return frozen;
    const read = readPolicy(policy);
    if (read.kind === 'wrong') return cannotBe(read.problems);
    const { configured } = context;
    const settings = settingsUnder(configured, read);
    const errors = lintPolicy(settings, await knowledgeIn(tx)).filter(({ level }) => level === 'error');
    if (errors.length > 0) return cannotBe(errors);
    const [before, after] = [policyStamp(settingsInForce(configured)), policyStamp(settings)];
    const newest = await policyVersion(tx);
    if ((newest?.hash ?? before.hash) === after.hash && (newest?.name ?? before.name) === after.name)
      return refused('nothing-changes', `the policy ${after.name} is in force already`, 'Change it first.');
    const version = await keepVersion(tx, {
      ...after,
      source: 'apply',
      configHash: policyStamp(configured).hash,
      sections: z.record(z.string(), z.json()).parse(jsonOf(read.sections)),
      by: asked.by,
      at: now,
      reason: asked.reason,
    });
    return { kind: 'done', key: 'policy', before: jsonOf(before), after: { ...after, version: version.version } };
  });
}

function cannotBe(problems: readonly { readonly field: string; readonly message: string }[]) {
  const words = problems.slice(0, 10).map(({ field, message }) => `${field}: ${message}`);
  return refused(
    'impossible',
    `the policy is not right: ${words.join('; ')}`,
    "Mend it, and look with 'qm policy lint' before you apply it.",
  );
}

/** What the journal knows that a policy may be compared with: the orders that were recorded last, and their products. */
export async function policyKnowledge(journal: JournalReader): Promise<LintKnowledge> {
  return journal.read(knowledgeIn);
}

async function knowledgeIn(tx: ReadTransaction | Transaction): Promise<LintKnowledge> {
  const cases = (await tx.records.list('order', orderCaseSchema, { limit: mostOrders })).map(({ body }) => body);
  const orders = cases.map(({ scope, order }) => ({ channel: scope.connection, order }));
  const skus = new Set(orders.flatMap(({ order }) => order.lines.flatMap(({ sku }) => sku ?? [])));
  return cases.length === 0 ? { orders: null, skus: null } : { orders, skus: [...skus] };
}

/** So many are enough to see whether a rule ever means one. */
const mostOrders = 5_000;
