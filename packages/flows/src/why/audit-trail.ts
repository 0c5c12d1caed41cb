import type { AuditRow, JournalReader } from '@quartermaster/journal';
import type { PolicyStamp } from '../policy/policy-hash.ts';
import { policiesInTime } from '../policy/policy-in-force.ts';

/** A row of the audit trail, with the policy in force then; null where the journal kept none. The policy is read beside the row and is no part of its hash. */
export type AuditEntry = AuditRow & { readonly policy: PolicyStamp | null };

/** The audit trail, or that of one key, oldest first. Pages through it, so that a long one may be written out as it is read. */
export async function* auditTrail(journal: JournalReader, { key }: { readonly key?: string }): AsyncGenerator<AuditEntry> {
  for (let after = 0; ;) {
    const page = await journal.read(async (tx) => {
      const policyAt = await policiesInTime(tx);
      const rows = await tx.audit.list({ ...(key === undefined ? {} : { key }), after, limit: pageSize });
      return rows.map((row): AuditEntry => ({ ...row, policy: policyAt(row.at) }));
    });
    yield* page;
    after = page.at(-1)?.seq ?? after;
    if (page.length < pageSize) return;
  }
}

const pageSize = 1_000;
