import { createHash } from 'node:crypto';
import { instantSchema, type Instant } from '@quartermaster/domain';
import { orderCaseSchema, shipmentDraftSchema, type ShipmentDraft } from '@quartermaster/fulfilment';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import type { FlowContext } from '../context.ts';
import { roleSchema } from '../operations/roles.ts';

export const approvalStates = ['waiting', 'approved', 'rejected', 'obsolete'] as const;

/** What happens when it is approved: an intent that waits may go, a plan for an order is taken up, or what a person asked for is done. */
const carrySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('intent'), intent: z.int() }),
  z.object({ kind: z.literal('plan'), decisionId: z.string(), shipments: z.array(shipmentDraftSchema) }),
  z.object({ kind: z.literal('operation'), name: z.string(), given: z.json() }),
]);

/** Something that goes only when a person says so. */
export const approvalSchema = z.object({
  /** A flow of the maturity dial, or what else asks, such as `release`. */
  flow: z.string(),
  /** The key of the order that it is about. */
  about: z.string(),
  /** What would happen, in one sentence without personal data. */
  what: z.string(),
  /** Who asks: a person may not approve what that person asked for. */
  askedBy: z.string(),
  needs: roleSchema,
  askedAt: instantSchema,
  carry: carrySchema,
  /** Null while it waits. */
  decided: z.object({ by: z.string(), reason: z.string(), at: instantSchema }).nullable(),
});
export type Approval = z.infer<typeof approvalSchema>;
export type StoredApproval = Approval & { readonly id: string; readonly state: string; readonly version: number };

export const approvalKind = 'approval';
/** Name of the program where it asks by itself. */
export const program = 'quartermaster';

export type ApprovalDraft = Omit<Approval, 'askedAt' | 'decided'> & {
  /** Whatever makes it one of its own: asked for again under the same parts it is the same. */
  readonly parts: readonly (string | number)[];
};

/** Asks for an approval, and gives its id, which is short enough to be typed. One that was asked for before stays as it is. */
export async function askApproval(tx: Transaction, context: Pick<FlowContext, 'clock' | 'log'>, draft: ApprovalDraft): Promise<string> {
  const { parts, ...asked } = draft;
  const id = createHash('sha256')
    .update(JSON.stringify([asked.flow, asked.about, ...parts]))
    .digest('hex')
    .slice(0, 10);
  const at = context.clock.now();
  if ((await findApproval(tx, id)) !== null) return id;
  const body: Approval = { ...asked, askedAt: at, decided: null };
  await tx.records.put(approvalKind, id, { state: 'waiting', body, at, name: asked.about, version: 0 });
  context.log({ at, event: 'approval.asked', flow: asked.flow, about: asked.about, approval: id });
  return id;
}

export async function findApproval(tx: ReadTransaction | Transaction, id: string): Promise<StoredApproval | null> {
  const found = await tx.records.get(approvalKind, id, approvalSchema);
  return found === null ? null : { ...found.body, id, state: found.state, version: found.version };
}

export type ApprovalQuery = {
  readonly state?: (typeof approvalStates)[number] | undefined;
  /** Only those of this order. */
  readonly about?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
};

/** Approvals by id, those that wait unless another state is asked for. An intent that was given up since waits for nobody. */
export async function listApprovals(tx: ReadTransaction | Transaction, query: ApprovalQuery): Promise<StoredApproval[]> {
  const { state = 'waiting', about, after, limit } = query;
  const page = { states: [state], limit, ...(about === undefined ? {} : { name: about }), ...(after === undefined ? {} : { after }) };
  const found: StoredApproval[] = [];
  for (const { key, body, version, state: stands } of await tx.records.list(approvalKind, approvalSchema, page))
    if (state !== 'waiting' || (await stillWaits(tx, body))) found.push({ ...body, id: key, state: stands, version });
  return found;
}

/** All plans for orders that wait for a person's word. */
export async function proposedPlans(
  tx: ReadTransaction,
): Promise<{ readonly about: string; readonly shipments: readonly ShipmentDraft[] }[]> {
  const found = [];
  for (let after = ''; ;) {
    const page = await tx.records.list(approvalKind, approvalSchema, { states: ['waiting'], after, limit: pageSize });
    for (const { body } of page) if (body.carry.kind === 'plan') found.push({ about: body.about, shipments: body.carry.shipments });
    after = page.at(-1)?.key ?? after;
    if (page.length < pageSize) return found;
  }
}

/** Ends an approval. */
export async function endApproval(
  tx: Transaction,
  approval: StoredApproval,
  end: { readonly state: 'approved' | 'rejected' | 'obsolete'; readonly by: string; readonly reason: string; readonly at: Instant },
): Promise<void> {
  const { id, state: _state, version, ...body } = approval;
  const { by, reason, at } = end;
  const decided = { by, reason, at };
  await tx.records.put(approvalKind, id, { state: end.state, body: { ...body, decided }, at, name: body.about, version });
}

/** Ends plans for an order that a newer one takes the place of. */
export async function supersedePlans(tx: Transaction, about: string, at: Instant): Promise<void> {
  for (const approval of await listApprovals(tx, { about, limit: 100 }))
    if (approval.carry.kind === 'plan')
      await endApproval(tx, approval, { state: 'obsolete', by: program, reason: 'a newer plan took its place', at });
}

/** Ends what waits for an intent that waits no longer. Returns how many that were. */
export async function closeApprovals({ journal, clock }: Pick<FlowContext, 'journal' | 'clock'>): Promise<number> {
  const over = await journal.read(async (tx) => {
    const found: string[] = [];
    for (let after = ''; ;) {
      const page = await tx.records.list(approvalKind, approvalSchema, { states: ['waiting'], after, limit: pageSize });
      for (const { key, body } of page) if (!(await stillWaits(tx, body))) found.push(key);
      after = page.at(-1)?.key ?? after;
      if (page.length < pageSize) return found;
    }
  });
  for (const id of over)
    await journal.transaction(async (tx) => {
      const approval = await findApproval(tx, id);
      if (approval?.state === 'waiting')
        await endApproval(tx, approval, { state: 'obsolete', by: program, reason: 'nobody wants it any more', at: clock.now() });
    });
  return over.length;
}

async function stillWaits(tx: ReadTransaction | Transaction, { about, carry }: Approval): Promise<boolean> {
  if (carry.kind === 'plan') return true;
  // What a person asked for is about a hold: a released order waits for nobody.
  if (carry.kind === 'operation') return ((await tx.records.get('order', about, orderCaseSchema))?.body.holds.length ?? 0) > 0;
  return (await tx.intents.get(carry.intent))?.state === 'planned';
}

const pageSize = 500;
