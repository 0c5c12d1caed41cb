import type { Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { holdCodeSchema } from '@quartermaster/fulfilment';
import type { FlowContext } from '../context.ts';
import { noteAgreement } from '../maturity/agreement.ts';
import { endApproval, findApproval, type StoredApproval } from '../maturity/approvals.ts';
import { flowNames } from '../maturity/maturity-policy.ts';
import { releaseNow } from '../waves/release.ts';
import { rejectIntent } from './intent-operations.ts';
import { letHappen, operate, refused, type Asked, type Outcome, type Refused, type Worked } from './operation.ts';
import { mayAct } from './roles.ts';

/** Lets something go that waited for a person's word. */
export async function approve(context: FlowContext, asked: Asked, given: { readonly approval: string }): Promise<Outcome> {
  return operate(context, asked, { name: 'approve', needs: 'operator', given }, async (tx, now) => {
    const approval = await mayDecide(tx, asked, given.approval);
    if (approval.kind === 'refused') return approval;
    const worked = await carry(tx, context, approval.given, asked);
    if (worked.kind === 'refused') return worked;
    await endApproval(tx, approval.given, { state: 'approved', by: asked.by, reason: asked.reason, at: now });
    await measure(tx, approval.given, asked, { agreed: true, at: now });
    return worked;
  });
}

/** Keeps something from happening. An order whose plan is rejected is held in the name of whoever did: it is planned anew when that is released. */
export async function reject(context: FlowContext, asked: Asked, given: { readonly approval: string }): Promise<Outcome> {
  return operate(context, asked, { name: 'reject', needs: 'operator', given }, async (tx, now) => {
    const approval = await mayDecide(tx, asked, given.approval);
    if (approval.kind === 'refused') return approval;
    const worked = await giveBack(tx, context, approval.given, asked);
    if (worked.kind === 'refused') return worked;
    await endApproval(tx, approval.given, { state: 'rejected', by: asked.by, reason: asked.reason, at: now });
    await measure(tx, approval.given, asked, { agreed: false, at: now });
    return worked;
  });
}

async function mayDecide(
  tx: Transaction,
  asked: Asked,
  id: string,
): Promise<Refused | { readonly kind: 'may'; readonly given: StoredApproval }> {
  const given = await findApproval(tx, id);
  if (given === null) return refused('not-found', `nothing waits under ${id}`, "Look its id up with 'qm approvals'.");
  if (given.state !== 'waiting')
    return refused(
      'wrong-state',
      `${id} is ${given.state}${given.decided === null ? '' : ` by ${given.decided.by}`}`,
      'Nothing: it waits for nobody.',
    );
  if (!mayAct(asked.role, given.needs))
    return refused('not-allowed', `${given.flow} needs the word of a ${given.needs}, and this is ${asked.role}`, `Ask a ${given.needs}.`);
  if (given.askedBy === asked.by)
    return refused('not-allowed', `${asked.by} asked for it, and a second person must approve it`, 'Ask somebody else.');
  return { kind: 'may', given };
}

async function carry(tx: Transaction, context: FlowContext, approval: StoredApproval, asked: Asked): Promise<Worked | Refused> {
  const { about, carry: what } = approval;
  switch (what.kind) {
    case 'intent':
      if (!(await tx.intents.makeReady(what.intent)))
        return refused('wrong-state', `intent ${what.intent} does not wait any more`, "See 'qm approvals' for what does.");
      return {
        kind: 'done',
        key: about,
        before: { intent: what.intent, state: 'planned' },
        after: { intent: what.intent, state: 'ready' },
      };
    case 'plan': {
      const { decisionId, shipments } = what;
      const worked = await letHappen(tx, context, about, { kind: 'sourced', decisionId, shipments });
      if (worked.kind === 'done') await releaseNow(tx, context, context.clock.now());
      return worked;
    }
    case 'operation':
      return (
        (await operations[what.name]?.(tx, context, approval, asked)) ??
        refused('impossible', `nobody knows how to carry ${what.name} out`, 'Report it: it was asked for by another version.')
      );
  }
}

async function giveBack(
  tx: Transaction,
  context: FlowContext,
  { about, carry: what }: StoredApproval,
  asked: Asked,
): Promise<Worked | Refused> {
  switch (what.kind) {
    case 'intent':
      return rejectIntent(tx, context, what.intent, asked);
    case 'plan': {
      const hold = { code: 'manual', reason: `the plan was rejected: ${asked.reason}` } as const;
      return letHappen(tx, context, about, { kind: 'hold-placed', hold, by: asked.by });
    }
    case 'operation':
      return { kind: 'done', key: about, before: { operation: what.name, asked: true }, after: { operation: what.name, asked: false } };
  }
}

type Carrying = (tx: Transaction, context: FlowContext, approval: StoredApproval, asked: Asked) => Promise<Worked | Refused>;

const releaseSchema = z.object({ code: z.union([holdCodeSchema, z.literal('all')]) });

/** What people may ask for that a second person must approve, by name. */
const operations: Readonly<Record<string, Carrying>> = {
  release: (tx, context, { about, carry: what }, asked) => {
    const { code } = releaseSchema.parse(what.kind === 'operation' ? what.given : null);
    return letHappen(tx, context, about, { kind: 'hold-released', code, by: asked.by, reason: asked.reason });
  },
};

/** In `assist` what people say to a proposal is how far they agree with the program. */
async function measure(
  tx: Transaction,
  approval: StoredApproval,
  asked: Asked,
  { agreed, at }: { readonly agreed: boolean; readonly at: string },
): Promise<void> {
  const flow = flowNames.find((name) => name === approval.flow);
  if (flow === undefined) return;
  const counted = { agreed: agreed ? 1 : 0, differed: agreed ? 0 : 1 };
  await noteAgreement(tx, flow, { subject: approval.id, ...counted, ours: approval.what, theirs: agreed ? 'approved' : asked.reason, at });
}
