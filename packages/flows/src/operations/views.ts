import { orderCaseSchema, orderStates, type OrderCase } from '@quartermaster/fulfilment';
import { intentStates, type Intent, type JournalReader } from '@quartermaster/journal';
import { z } from 'zod';
import { driftStates } from '../drift/ledger.ts';
import { approvalStates } from '../maturity/approvals.ts';
import { intentsOf, orderOf } from '../intents.ts';
import { findCase } from '../order-cases.ts';

/** What people may ask to see, a page at a time. Nothing of it holds personal data, and no payload or vendor's answer. */
const limit = z.coerce.number().int().min(1).max(500).default(100);
const after = z.coerce.number().int().nonnegative().optional();

export const listSchemas = {
  orders: z.strictObject({ state: z.enum(orderStates).optional(), after: z.string().max(500).optional(), limit }),
  intents: z.strictObject({ state: z.enum(intentStates).optional(), order: z.string().max(500).optional(), after, limit }),
  exceptions: z.strictObject({
    open: z.enum(['true', 'false']).default('true'),
    code: z.string().max(100).optional(),
    owner: z.string().max(200).optional(),
    overdue: z.literal('true').optional(),
    after,
    limit,
  }),
  regret: z.strictObject({ days: z.coerce.number().int().min(1).max(365).default(90) }),
  approvals: z.strictObject({
    state: z.enum(approvalStates).default('waiting'),
    order: z.string().max(500).optional(),
    after: z.string().max(100).optional(),
    limit,
  }),
  drift: z.strictObject({ state: z.enum(driftStates).optional(), after: z.string().max(1_000).optional(), limit }),
} as const;

export type OrderView = Pick<
  OrderCase,
  'key' | 'state' | 'holds' | 'waivers' | 'overrides' | 'failures' | 'acknowledgement' | 'capture' | 'cancellations' | 'refunds' | 'returns'
> & {
  readonly name: string;
  readonly channel: string;
  readonly placedAt: string;
  readonly erp: string | null;
  readonly shipments: readonly { readonly id: string; readonly state: string; readonly node: string; readonly service: string }[];
};

/** Where an order stands; null when the journal does not have it. */
export async function viewOrder(journal: JournalReader, key: string): Promise<OrderView | null> {
  return journal.read(async (tx) => {
    const found = await findCase(tx, key);
    return found === null ? null : viewOf(found.case);
  });
}

/** Orders by key, those behind `after`. */
export async function listOrders(journal: JournalReader, query: z.infer<typeof listSchemas.orders>): Promise<OrderView[]> {
  const { state, after: behind, limit: count } = query;
  const page = { limit: count, ...(state === undefined ? {} : { states: [state] }), ...(behind === undefined ? {} : { after: behind }) };
  return journal.read(async (tx) => (await tx.records.list('order', orderCaseSchema, page)).map(({ body }) => viewOf(body)));
}

export type IntentView = Pick<
  Intent,
  'id' | 'key' | 'kind' | 'state' | 'orderKey' | 'safety' | 'attempt' | 'lookups' | 'inDoubt' | 'runAt' | 'changedAt'
> & { readonly connection: string; readonly fault: { readonly code: string; readonly message: string } | null };

/** Intents, oldest first. */
export async function listIntents(journal: JournalReader, query: z.infer<typeof listSchemas.intents>): Promise<IntentView[]> {
  const { state, order, after: behind, limit: count } = query;
  const page = { limit: count, ...(state === undefined ? {} : { states: [state] }), ...(behind === undefined ? {} : { after: behind }) };
  const found = await journal.read((tx) => (order === undefined ? tx.intents.list(page) : intentsOf(tx, order, page)));
  return found.map((intent) => {
    const { id, key, kind, state, safety, attempt, lookups, inDoubt, runAt, changedAt, scope } = intent;
    const fault = faultSchema.safeParse(intent.fault).data ?? null;
    return {
      id,
      key,
      kind,
      state,
      orderKey: orderOf(intent),
      safety,
      attempt,
      lookups,
      inDoubt,
      runAt,
      changedAt,
      connection: scope.connection,
      fault,
    };
  });
}

const faultSchema = z.object({ code: z.string(), message: z.string() });

function viewOf(given: OrderCase): OrderView {
  const { key, state, holds, waivers, overrides, failures, order, scope, erp, shipments } = given;
  const { acknowledgement, capture, cancellations, refunds, returns } = given;
  return {
    key,
    state,
    holds,
    waivers,
    overrides,
    failures,
    acknowledgement,
    capture,
    cancellations,
    refunds,
    returns,
    name: order.name,
    channel: scope.connection,
    placedAt: order.placedAt,
    erp: erp?.name ?? null,
    shipments: shipments.map(({ id, state, node, carrier, service }) => ({ id, state, node, service: `${carrier}/${service}` })),
  };
}
