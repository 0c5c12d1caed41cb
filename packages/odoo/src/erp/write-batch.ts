import { formatMoney, isFault, sameMoney, type ConnectorFault, type ErpOrderDraft } from '@quartermaster/domain';
import { z } from 'zod';
import type { Loaded } from '../client/client.ts';
import { odooFault } from '../client/exceptions.ts';
import { orderXid, partnerXid } from '../session/external-id.ts';
import { importFault } from '../session/import-table.ts';
import type { Session } from '../session/session.ts';
import { ordersOperation, prepareDrafts, wrongTotal, type Prepared } from './draft-checks.ts';
import { findOrders, readOrders, rememberOrder, type OrderInOdoo } from './orders.ts';
import { orderPartsOf, orderTable, partnerTable } from './translate.ts';
import type { OrderOutcome } from './write-orders.ts';

/**
 * Writes orders in as few transactions as it takes: one, unless some of them are refused. What is only read for them is read before their turn, which `inTurn` takes, so that one batch reads while another
 * one is written; should somebody write one of them in between, the import leaves it alone.
 */
export async function writeBatch(
  session: Session,
  drafts: readonly ErpOrderDraft[],
  inTurn: <Result>(task: () => Promise<Result>) => Promise<Result>,
): Promise<OrderOutcome[]> {
  const outcomes: OrderOutcome[] = [];
  let open = drafts;
  const settle = (settled: readonly OrderOutcome[]) => {
    outcomes.push(...settled);
    const names = new Set(settled.map((outcome) => orderXid(outcome.key)));
    open = open.filter((draft) => !names.has(orderXid(draft.key)));
  };
  try {
    const [there, { prepared, refused }] = await Promise.all([thoseThere(session, open), prepareDrafts(session, open)]);
    settle(there);
    const left = new Set(open);
    settle(refused.filter(({ key }) => [...left].some((draft) => orderXid(draft.key) === orderXid(key))));
    if (open.length > 0) await inTurn(() => importOrders(session, { ...prepared, drafts: open }, settle));
  } catch (error) {
    if (!isFault(error)) throw error;
    settle(open.map((draft) => failed(draft, error)));
  }
  return outcomes;
}

type Settle = (outcomes: readonly OrderOutcome[]) => void;

/** How often a batch is written anew that lost a race against another process. */
const racesRun = 5;

/** Imports customers and orders. When Odoo refuses, those that it names go one by one, and the others again without them: they find out which of them it meant. */
async function importOrders(session: Session, batch: Prepared, settle: Settle, race = 1): Promise<void> {
  if (batch.drafts.length === 0) return;
  const { failure, suspects, ids } = await load(session, batch);
  if (failure === null) {
    for (const draft of batch.drafts) rememberOrder(session, orderXid(draft.key), ids.get(draft) ?? []);
    settle(await whatWasWritten(session, batch.drafts));
    return;
  }
  // Another process may have written some since we looked; then Odoo's reasons are not about them.
  const meanwhile = await thoseThere(session, batch.drafts);
  settle(meanwhile);
  const there = new Set(meanwhile.map((outcome) => orderXid(outcome.key)));
  const left = batch.drafts.filter((draft) => !there.has(orderXid(draft.key)));
  const again = (drafts: readonly ErpOrderDraft[], next: number) => importOrders(session, { ...batch, drafts }, settle, next);
  if (failure.race) {
    if (race < racesRun) await again(left, race + 1);
    else settle(left.map((draft) => failed(draft, importFault(failure, ordersOperation))));
    return;
  }
  if (batch.drafts.length === 1) {
    settle(left.map((draft) => failed(draft, importFault(failure, ordersOperation))));
    return;
  }
  const named = left.filter((draft) => suspects.has(draft));
  const half = Math.ceil(left.length / 2);
  const [apart, together] =
    named.length > 0 && named.length < batch.drafts.length ? [named, left.filter((draft) => !suspects.has(draft))] : [[], left];
  if (apart.length > 0) {
    for (const draft of apart) await again([draft], race);
    await again(together, race);
  } else {
    await again(together.slice(0, half), race);
    await again(together.slice(half), race);
  }
}

type Attempt = {
  readonly failure: Extract<Loaded, { kind: 'failed' }> | null;
  /** Drafts that Odoo names in its reasons. */
  readonly suspects: ReadonlySet<ErpOrderDraft>;
  readonly ids: ReadonlyMap<ErpOrderDraft, readonly number[]>;
};

/**
 * Imports in the mode by which Odoo leaves an order alone that is there (`update`, once it was marked `noupdate` when it was made): should another process have written it a moment
 * ago, its id comes back and nothing of it is written over.
 */
async function load(session: Session, batch: Prepared): Promise<Attempt> {
  const { client } = session;
  const { drafts, known, geography } = batch;
  const people = partnerTable(drafts, geography);
  const partners = await client.load('res.partner', people.fields, people.rows, 'always', untracked);
  if (partners.kind === 'failed') {
    const customers = [...new Set(drafts.map(customerOf))];
    const named = namedIn(partners).map((record) => customers[record]);
    return { failure: partners, suspects: new Set(drafts.filter((draft) => named.includes(customerOf(draft)))), ids: new Map() };
  }
  const table = orderTable(drafts, known);
  const owners = drafts.flatMap((draft) => orderPartsOf(draft, known.warehouseSplit, known.layout).map(() => draft));
  const orders = await client.load('sale.order', table.fields, table.rows, 'never', { ...untracked, mode: 'update', noupdate: true });
  if (orders.kind === 'failed') {
    return { failure: orders, suspects: new Set(namedIn(orders).flatMap((record) => owners[record] ?? [])), ids: new Map() };
  }
  const ids = new Map<ErpOrderDraft, number[]>();
  for (const [index, draft] of owners.entries()) ids.set(draft, [...(ids.get(draft) ?? []), ...orders.ids.slice(index, index + 1)]);
  return { failure: null, suspects: new Set(), ids };
}

/** Keeps Odoo from noting in the chatter which fields a new record was given: nobody reads it, and it takes a twelfth of the time (measured on 17, November 2026). */
const untracked = { tracking_disable: true };

function namedIn(failure: Extract<Loaded, { kind: 'failed' }>): number[] {
  return failure.messages.flatMap(({ record }) => record ?? []);
}

function customerOf(draft: ErpOrderDraft): string {
  return partnerXid(draft.key.scope.connection, draft.subject);
}

/** Outcomes of the orders that are there already. */
async function thoseThere(session: Session, drafts: readonly ErpOrderDraft[]): Promise<OrderOutcome[]> {
  const there = await findOrders(
    session,
    drafts.map((draft) => draft.key),
  );
  return drafts.flatMap((draft) => {
    const found = there.get(orderXid(draft.key));
    return found === undefined ? [] : [foundOutcome(found, draft)];
  });
}

/** An order that is there is only read. One with another total was edited by somebody, or is not what the draft means: a person must look. */
function foundOutcome({ order }: OrderInOdoo, draft: ErpOrderDraft): OrderOutcome {
  if (order.state !== 'confirmed' || sameMoney(order.total, draft.total)) return { kind: 'found', key: draft.key, order };
  const message = `order ${order.name} is there with a total of ${formatMoney(order.total)}, the draft has ${formatMoney(draft.total)}`;
  const advice = 'Look at the order in Odoo: it was edited there after it was written.';
  return failed(draft, odooFault('conflict', ordersOperation, message, { advice }));
}

/** Reads back what was written. An order that Odoo makes another total of is taken back. */
async function whatWasWritten(session: Session, drafts: readonly ErpOrderDraft[]): Promise<OrderOutcome[]> {
  const read = await readOrders(
    session,
    drafts.map((draft) => draft.key),
  );
  const outcomes: OrderOutcome[] = [];
  for (const draft of drafts) {
    const written = read.get(orderXid(draft.key));
    if (written === undefined) outcomes.push(failed(draft, vanished()));
    else if (sameMoney(written.order.total, draft.total)) outcomes.push({ kind: 'written', key: draft.key, order: written.order });
    else if (await isOfDraft(session, written, draft)) outcomes.push(failed(draft, await takeBack(session, written, draft)));
    else outcomes.push(foundOutcome(written, draft));
  }
  return outcomes;
}

/**
 * Whether an order has the lines of the draft, as far as Odoo may round their prices. If not, another process wrote it a moment ago from another draft, and it must not be taken back:
 * the import left it alone and said nothing of it.
 */
async function isOfDraft({ odoo }: Session, { rows, lineIds }: OrderInOdoo, draft: ErpOrderDraft): Promise<boolean> {
  const ids = rows.flatMap((row) => row.order_line.map((line) => line.id));
  const lines = await odoo.read('sale.order.line', ids, ['product_uom_qty', 'price_unit']);
  const wanted = new Map(draft.lines.map((line) => [line.id, line]));
  return (
    lines.length === draft.lines.length &&
    lines.every((line) => {
      const ours = wanted.get(lineIds.get(line.id) ?? '');
      return ours !== undefined && ours.quantity === line.product_uom_qty && isRounded(Number(ours.unitPrice), line.price_unit);
    })
  );
}

/** Whether a price is another one, rounded to some number of digits. */
function isRounded(exact: number, price: number): boolean {
  const factors = Array.from({ length: 7 }, (_, digits) => 10 ** digits);
  return factors.some((factor) => Math.abs(Math.round(exact * factor) / factor - price) < 1e-9);
}

function vanished(): ConnectorFault {
  return odooFault('not-found', ordersOperation, 'the order vanished after it was written', {
    outcome: 'unknown',
    retry: { kind: 'safely' },
  });
}

async function takeBack(session: Session, { order, rows }: OrderInOdoo, draft: ErpOrderDraft): Promise<ConnectorFault> {
  try {
    const left = await undo(
      session,
      rows.map((row) => row.id),
    );
    session.orderIds.delete(orderXid(draft.key));
    return wrongTotal(order.total, draft.total, left);
  } catch (error) {
    if (isFault(error)) return error;
    throw error;
  }
}

/** Takes orders back that were just written: cancelled, and deleted where our rights allow it, so that a corrected draft can be written. */
async function undo(session: Session, ids: readonly number[]): Promise<string> {
  const call = { model: 'sale.order', ids, repeat: 'always', timeout: 'write' } as const;
  await session.client.call({ ...call, method: 'action_cancel', context: { disable_cancel_warning: true } }, z.unknown());
  try {
    await session.client.call({ ...call, method: 'unlink' }, z.unknown());
    return 'it was cancelled and deleted again';
  } catch (error) {
    if (isFault(error) && error.facts.outcome === 'not-applied') return 'it was cancelled again';
    throw error;
  }
}

function failed(draft: ErpOrderDraft, fault: ConnectorFault): OrderOutcome {
  return { kind: 'failed', key: draft.key, fault };
}
