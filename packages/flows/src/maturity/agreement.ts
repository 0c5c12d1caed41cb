import type { Instant } from '@quartermaster/domain';
import type { Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import type { Flow } from './maturity-policy.ts';

/** One comparison of what the program decided with what people did: how many of it agreed. `ours` and `theirs` are in words. */
export const agreementSchema = z.object({
  agreed: z.int().nonnegative(),
  differed: z.int().nonnegative(),
  ours: z.string(),
  theirs: z.string(),
});
export type Agreement = z.infer<typeof agreementSchema>;

/** Kind of the records of a flow; their states are {@link agreementStates}. */
export function agreementKind(flow: Flow): string {
  return `agreement-${flow}`;
}

export const agreementStates = ['agreed', 'differed'] as const;

/** Keeps how a decision about a subject compares with what people did; a later one about the same takes its place. */
export async function noteAgreement(
  tx: Transaction,
  flow: Flow,
  given: Agreement & { readonly subject: string; readonly at: Instant },
): Promise<void> {
  const { subject, at, ...body } = given;
  const kind = agreementKind(flow);
  const version = (await tx.records.get(kind, subject, agreementSchema))?.version ?? 0;
  await tx.records.put(kind, subject, { state: body.differed === 0 ? 'agreed' : 'differed', body, at, version });
}
