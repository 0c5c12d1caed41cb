import type { Instant } from '@quartermaster/domain';
import type { FlowContext } from '../context.ts';
import { freezeOf, keepFreeze, modesOf } from '../maturity/freeze.ts';
import { operate, refused, type Asked, type Outcome } from './operation.ts';

/** Freezes policy and modes until a time: a later freeze takes the place of an earlier one. */
export async function freezeChanges(context: FlowContext, asked: Asked, given: { readonly until: Instant }): Promise<Outcome> {
  return operate(context, asked, { name: 'freeze', needs: 'admin', given }, async (tx, now) => {
    if (given.until <= now) return refused('impossible', `${given.until} is over`, 'Give a time to come.');
    const before = await freezeOf(tx, now);
    const after = { by: asked.by, reason: asked.reason, since: now, until: given.until, modes: modesOf(context.settings) };
    await keepFreeze(tx, after, { state: 'frozen', now });
    return { kind: 'done', key: 'policy', before, after };
  });
}

/** Ends a freeze before its time. */
export async function unfreezeChanges(context: FlowContext, asked: Asked, given: Record<string, never>): Promise<Outcome> {
  return operate(context, asked, { name: 'unfreeze', needs: 'admin', given }, async (tx, now) => {
    const before = await freezeOf(tx, now);
    if (before === null) return refused('wrong-state', 'nothing is frozen', 'Nothing: policy and modes may be changed.');
    await keepFreeze(tx, before, { state: 'lifted', now });
    return { kind: 'done', key: 'policy', before, after: null };
  });
}
