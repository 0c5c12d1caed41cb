import type { JournalReader } from '@quartermaster/journal';
import type { EndState } from '@quartermaster/sandbox';
import { z } from 'zod';
import { externalId } from '../books.ts';

/** What a run came to in the vendors' books and in the journal. Every list must be empty; it names what is wrong. */
export type Reckoning = {
  readonly counts: {
    /** Orders that customers placed. */
    readonly orders: number;
    readonly shipped: number;
    readonly cancelled: number;
    /** Wait with a reason: held, out of stock, or for a person. */
    readonly waiting: number;
    readonly labels: number;
    readonly confirmations: number;
  };
  readonly ordersLost: readonly string[];
  readonly ordersDoubled: readonly string[];
  readonly labelsDoubled: readonly string[];
  readonly confirmedTwice: readonly string[];
  /** Steps of one order out of order. */
  readonly outOfOrder: readonly string[];
};

/** What the journal remembers, as far as it is compared. */
export type Memory = {
  readonly cases: readonly CaseSeen[];
  readonly intents: readonly IntentSeen[];
  readonly steps: readonly StepSeen[];
  /** Keys of what waits for a person. */
  readonly exceptions: ReadonlySet<string>;
};

const caseSchema = z.object({
  key: z.string(),
  scope: z.object({ connection: z.string() }),
  order: z.object({ id: z.string() }),
  state: z.string(),
  holds: z.array(z.unknown()),
  failures: z.array(z.unknown()),
  erp: z.unknown().nullable(),
  shipments: z.array(z.object({ id: z.string(), state: z.string(), shortage: z.array(z.unknown()), labels: z.array(z.unknown()) })),
});
type CaseSeen = z.infer<typeof caseSchema>;
type IntentSeen = {
  readonly id: number;
  readonly key: string;
  readonly kind: string;
  readonly orderKey: string;
  readonly state: string;
  readonly changedAt: string;
  readonly lookups: number;
};
type StepSeen = { readonly key: string; readonly event: string };

export async function readMemory(journal: JournalReader): Promise<Memory> {
  return journal.read(async (tx) => {
    const cases: CaseSeen[] = [];
    for (let after: string | undefined; ;) {
      const page = await tx.records.list('order', caseSchema, { limit: pageSize, ...(after === undefined ? {} : { after }) });
      cases.push(...page.map(({ body }) => body));
      after = page.at(-1)?.key;
      if (page.length < pageSize) break;
    }
    const intents: IntentSeen[] = [];
    for (let after = 0; ;) {
      const page = await tx.intents.list({ after, limit: pageSize });
      intents.push(
        ...page.map(({ id, key, kind, orderKey, state, changedAt, lookups }) => ({ id, key, kind, orderKey, state, changedAt, lookups })),
      );
      after = page.at(-1)?.id ?? after;
      if (page.length < pageSize) break;
    }
    const steps: StepSeen[] = [];
    for (let after = 0; ;) {
      const page = await tx.audit.list({ after, limit: pageSize });
      steps.push(...page.map(({ key, event }) => ({ key, event })));
      after = page.at(-1)?.seq ?? after;
      if (page.length < pageSize) break;
    }
    const open = await tx.exceptions.list({ open: true, limit: 100_000 });
    return { cases, intents, steps, exceptions: new Set(open.map(({ subjectKey }) => subjectKey)) };
  });
}

/** Holds the vendors' books against the journal. */
export function reckon(books: EndState, memory: Memory): Reckoning {
  const placed = Object.values(books.orders);
  const cases = new Map(memory.cases.map((each) => [externalId(each.scope.connection, each.order.id), each]));
  const shopOf = new Map(placed.map((order) => [externalId(order.shop, order.shopOrderId), order]));
  const lost: string[] = [];
  const twice: string[] = [];
  const doubled: string[] = [];
  const counts = { shipped: 0, cancelled: 0, waiting: 0 };

  for (const [id, order] of shopOf) {
    const known = cases.get(id);
    if (known === undefined) {
      lost.push(`${id}: the journal has never heard of it`);
      continue;
    }
    const inErp = books.erpOrders[id];
    if (known.erp !== null && inErp === undefined) lost.push(`${id}: the journal says that the ERP has it`);
    const done = (inErp?.deliveries ?? []).filter(({ state }) => state === 'done');
    const left = known.shipments.filter(({ state }) => state === 'shipped' || state === 'confirmed');
    if (left.length > done.length) lost.push(`${id}: ${left.length} shipments left, the ERP has ${done.length}`);
    const confirmed = known.shipments.filter(({ state }) => state === 'confirmed');
    if (confirmed.length > order.fulfillments.length) lost.push(`${id}: the shop was not told of every shipment`);
    if (isForgotten(known, memory.exceptions)) lost.push(`${id}: ${known.state}, and nobody is told`);
    if (order.fulfillments.length > done.length || unitsOf(order.fulfillments) > doneUnits(done)) twice.push(id);
    if (known.state === 'shipped') counts.shipped++;
    else if (known.state === 'cancelled') counts.cancelled++;
    else counts.waiting++;
  }

  for (const [id, { deliveries }] of Object.entries(books.erpOrders)) {
    if (!shopOf.has(id)) doubled.push(`${id}: no shop has this order`);
    for (const { lines } of deliveries)
      if (lines.some(({ demand, done }) => done > demand)) doubled.push(`${id}: more was shipped than ordered`);
  }
  for (let extra = 0; extra < books.erpOrdersWithoutExternalId; extra++) doubled.push('an order of the ERP that nobody placed');

  const bought = new Set(memory.intents.filter(({ kind, state }) => kind === 'buy-label' && state === 'done').map(({ key }) => key));
  const live = Object.entries(books.labels).filter(([, label]) => label.bought > label.refunded);
  // After a restore a label is known by its order, not by an intent.
  const liveOf = Map.groupBy(live, ([key]) => orderOfLabel(key));
  const labelsOf = new Map(memory.cases.map(({ key, shipments }) => [key, shipments.reduce((sum, { labels }) => sum + labels.length, 0)]));
  // What did not fit together after a restore waits for a person, who is told to look at the carrier as well.
  const awaitsPerson = new Set(memory.cases.filter(isKnownToErp).map(({ key }) => key));
  const isKnown = (key: string) => {
    const order = orderOfLabel(key);
    const isTold = awaitsPerson.has(order) || memory.exceptions.has(order);
    return bought.has(key) || (labelsOf.get(order) ?? 0) >= (liveOf.get(order)?.length ?? 0) || isTold;
  };
  return {
    counts: {
      orders: placed.length,
      ...counts,
      labels: live.length,
      confirmations: placed.reduce((sum, { fulfillments }) => sum + fulfillments.length, 0),
    },
    ordersLost: lost,
    ordersDoubled: doubled,
    labelsDoubled: live.flatMap(([key, label]) => [
      ...(label.bought - label.refunded > 1 ? [`${key}: ${label.bought} bought, ${label.refunded} given back`] : []),
      ...(isKnown(key) ? [] : [`${key}: the journal does not know that it has it`]),
    ]),
    confirmedTwice: twice,
    outOfOrder: [...stepsOutOfOrder(memory.steps), ...intentsOutOfOrder(memory.intents)],
  };
}

/** The counts as a line for people. */
export function reckoningText({ counts, ...wrong }: Reckoning): string {
  const { orders, shipped, cancelled, waiting, labels, confirmations } = counts;
  const bad = Object.entries(wrong).map(([what, list]) => `${what} ${list.length}`);
  return `${orders} orders (${shipped} shipped, ${cancelled} cancelled, ${waiting} wait), ${labels} labels, ${confirmations} confirmations; ${bad.join(', ')}`;
}

/** Under way, and neither a hold, nor a failure, nor an exception, nor a shortage says why. What is open waits for stock. */
function isForgotten({ key, state, holds, failures, shipments }: CaseSeen, exceptions: ReadonlySet<string>): boolean {
  if (state === 'cancelling') return failures.length === 0;
  if (state !== 'committed' || holds.length > 0 || failures.length > 0) return false;
  const underWay = shipments.filter((each) => !['confirmed', 'stopped'].includes(each.state));
  return underWay.some(({ id, shortage }) => shortage.length === 0 && !exceptions.has(`${key}/shipment/${id}`) && !exceptions.has(key));
}

function orderOfLabel(key: string): string {
  return key.slice(0, Math.max(0, key.indexOf('/buy-label/')));
}

type Delivered = EndState['erpOrders'][string]['deliveries'];

function doneUnits(deliveries: Delivered): number {
  return deliveries.reduce((sum, { lines }) => sum + lines.reduce((units, { done }) => units + done, 0), 0);
}

function unitsOf(fulfillments: EndState['orders'][string]['fulfillments']): number {
  return fulfillments.reduce((sum, { lines }) => sum + lines.reduce((all, { units }) => all + units, 0), 0);
}

/** What must have happened to an order before each step of it. */
const before: Readonly<Record<string, string>> = {
  'order.sourced': 'order.received',
  'order.written': 'order.sourced',
  'order.label-bought': 'order.written',
  'order.erp-shipped': 'order.written',
  'order.confirmed': 'order.erp-shipped',
};

function stepsOutOfOrder(steps: readonly StepSeen[]): string[] {
  const seen = new Map<string, Map<string, number>>();
  const wrong: string[] = [];
  for (const { key, event } of steps) {
    const counts = seen.get(key) ?? new Map<string, number>();
    seen.set(key, counts);
    const needed = before[event];
    if (needed !== undefined && (counts.get(needed) ?? 0) === 0) wrong.push(`${key}: ${event} before ${needed}`);
    counts.set(event, (counts.get(event) ?? 0) + 1);
    if ((counts.get('order.confirmed') ?? 0) > (counts.get('order.erp-shipped') ?? 0)) wrong.push(`${key}: confirmed before it left`);
  }
  return wrong;
}

/** Effects of one order end in the order in which they were asked for. */
function intentsOutOfOrder(intents: readonly IntentSeen[]): string[] {
  const last = new Map<string, IntentSeen>();
  const wrong: string[] = [];
  for (const intent of intents) {
    // What was found by looking up had happened before it was noted.
    if (intent.state !== 'done' || intent.lookups > 0) continue;
    const earlier = last.get(intent.orderKey);
    if (earlier !== undefined && earlier.changedAt > intent.changedAt) wrong.push(`${intent.key} ended before ${earlier.key}`);
    last.set(intent.orderKey, intent);
  }
  return wrong;
}

const pageSize = 1_000;

/** Held after a restore, because what is there does not fit together. */
export function isKnownToErp({ holds }: { readonly holds: unknown }): boolean {
  return JSON.stringify(holds).includes('known-to-erp');
}
