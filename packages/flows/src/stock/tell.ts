import type { Transaction } from '@quartermaster/journal';
import { ownerOf, type FlowContext } from '../context.ts';

/** Keeps an exception as it should stand: open with this reason, or settled where the reason is null. One that is open with the same reason is left as it is. */
export async function tell(
  tx: Transaction,
  context: Pick<FlowContext, 'settings' | 'clock'>,
  { code, subjectKey }: { readonly code: string; readonly subjectKey: string },
  reason: string | null,
): Promise<void> {
  const at = context.clock.now();
  if (reason === null) {
    await tx.exceptions.resolve({ code, subjectKey }, { by: 'quartermaster', reason: 'it settled itself', at });
    return;
  }
  const [told] = await tx.exceptions.list({ code, subjectKey, open: true, limit: 1 });
  if (told?.reason === reason) return;
  await tx.exceptions.raise({ code, subjectKey, owner: ownerOf(context.settings, code), reason, at });
}

/** The same for all subjects of a code at once: those that are open and have no reason any more are settled. */
export async function tellAll(
  tx: Transaction,
  context: Pick<FlowContext, 'settings' | 'clock'>,
  code: string,
  reasons: ReadonlyMap<string, string>,
): Promise<void> {
  const open = await tx.exceptions.list({ code, open: true, limit: 1_000 });
  for (const { subjectKey } of open) if (!reasons.has(subjectKey)) await tell(tx, context, { code, subjectKey }, null);
  for (const [subjectKey, reason] of reasons) await tell(tx, context, { code, subjectKey }, reason);
}
