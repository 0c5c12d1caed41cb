import { beforeTheEffect } from '@quartermaster/connector-kit';
import type { ConnectorOperation, EffectMemo, NodeId, Reconciled } from '@quartermaster/domain';
import type { ShopifyClient } from './client.ts';
import { heldOrdersDocument, holdDocument, releaseHoldDocument, splitDocument } from './desk-documents.ts';
import { heldOrdersSchema, holdSchema, releaseHoldSchema, splitSchema } from './desk-wire.ts';
import { gatherAt, readFulfillmentOrders } from './fulfilment-orders.ts';
import { nextFulfilmentStep, type ChosenLine, type OpenFulfillmentOrder, type WantedLine } from './fulfilment-plan.ts';
import { fromGid, toGid } from './identifiers.ts';
import { notDone, throwRefusal } from './refusals.ts';

export const holdReasons = ['payment', 'fraud', 'address', 'out-of-stock', 'delivery-date', 'return', 'other'] as const;
export type HoldReason = (typeof holdReasons)[number];

/** Keeps what has not shipped of an order from being shipped. `name` is ours, at most 64 characters: by it the hold is found and released; others' holds stay. */
export type FulfilmentHold = {
  readonly orderId: string;
  readonly name: string;
  readonly reason: HoldReason;
  readonly note: string | null;
};
export type FulfilmentRelease = { readonly orderId: string; readonly name: string };
type OrderUnits = { readonly orderId: string; readonly lines: readonly { readonly lineId: string; readonly units: number }[] };
/** Assigns units to the location of another node. */
export type FulfilmentMove = OrderUnits & { readonly node: NodeId };
/** Makes a fulfillment order of exactly these units. */
export type FulfilmentSplit = OrderUnits;
/** Numbers of the fulfillment orders that it concerned. */
export type FulfilmentChange = { readonly fulfilmentOrders: readonly string[] };

/** What a desk can do to how Shopify has an order shipped. Each is asked for as it is to be in the end, so doing it twice is the same as once. */
export type FulfilmentDesk = {
  readonly hold: ConnectorOperation<FulfilmentHold, FulfilmentChange>;
  readonly release: ConnectorOperation<FulfilmentRelease, FulfilmentChange>;
  readonly move: ConnectorOperation<FulfilmentMove, FulfilmentChange>;
  readonly split: ConnectorOperation<FulfilmentSplit, FulfilmentChange>;
};

/** Fulfillment orders in one page of those with their holds. */
export const heldOrdersPerPage = 50;

export function fulfilmentDesk(client: ShopifyClient, locations: Readonly<Record<NodeId, string>>): FulfilmentDesk {
  return {
    hold: holding(client),
    release: releasing(client),
    move: moving(client, locations),
    split: splitting(client),
  };
}

function holding(client: ShopifyClient): FulfilmentDesk['hold'] {
  const operation = 'fulfilment.hold';
  const waitingOf = async (orderId: string) => (await readHolds(client, operation, orderId)).filter(({ status }) => holdable.has(status));

  async function make({ orderId, name, reason, note }: FulfilmentHold): Promise<FulfilmentChange> {
    if (name === '' || name.length > 64) throw notDone('invalid-request', operation, 'the name of a hold has 1 to 64 characters');
    const waiting = await waitingOf(orderId);
    if (waiting.length === 0) throw notDone('refused', operation, 'nothing of the order waits to be shipped that could be held');
    for (const { id } of waiting.filter((one) => !hasHold(one, name))) {
      const hold = { handle: name, reason: reasons[reason], ...(note === null ? {} : { reasonNotes: note }) };
      const reply = await client({
        operation,
        document: holdDocument,
        variables: { id, hold },
        schema: holdSchema,
        kind: 'repeatable-effect',
      });
      const errors = reply.data.fulfillmentOrderHold?.userErrors ?? [];
      throwRefusal(
        operation,
        errors.filter(({ code }) => code !== 'DUPLICATE_FULFILLMENT_HOLD_HANDLE'),
      );
    }
    return changeOf(waiting);
  }

  async function find({ orderId, name }: FulfilmentHold): Promise<Reconciled<FulfilmentChange>> {
    const waiting = await waitingOf(orderId);
    const all = waiting.length > 0 && waiting.every((one) => hasHold(one, name));
    return all ? { kind: 'found', result: changeOf(waiting) } : { kind: 'absent' };
  }

  return { safety: 'natural', make, find };
}

function releasing(client: ShopifyClient): FulfilmentDesk['release'] {
  const operation = 'fulfilment.release';
  const heldBy = async ({ orderId, name }: FulfilmentRelease) =>
    (await readHolds(client, operation, orderId)).filter((one) => hasHold(one, name));

  async function make(request: FulfilmentRelease): Promise<FulfilmentChange> {
    const held = await heldBy(request);
    for (const { id, holds } of held) {
      const holdIds = holds.filter((hold) => isOurs(hold, request.name)).map((hold) => hold.id);
      const reply = await client({
        operation,
        document: releaseHoldDocument,
        variables: { id, holdIds },
        schema: releaseHoldSchema,
        kind: 'repeatable-effect',
      });
      throwRefusal(operation, reply.data.fulfillmentOrderReleaseHold?.userErrors ?? []);
    }
    return changeOf(held);
  }

  async function find(request: FulfilmentRelease): Promise<Reconciled<FulfilmentChange>> {
    const held = await heldBy(request);
    return held.length === 0 ? { kind: 'found', result: { fulfilmentOrders: [] } } : { kind: 'absent' };
  }

  return { safety: 'natural', make, find };
}

function moving(client: ShopifyClient, locations: Readonly<Record<NodeId, string>>): FulfilmentDesk['move'] {
  const operation = 'fulfilment.move';
  const locationOf = (node: NodeId) => {
    const location = locations[node];
    if (location === undefined) throw notDone('misconfigured', operation, `node ${node} has no Shopify location`);
    return toGid('Location', location);
  };

  async function make(request: FulfilmentMove, memo: EffectMemo): Promise<FulfilmentChange> {
    const given = { operation, orderId: request.orderId, wanted: wantedOf(request), locationId: locationOf(request.node) };
    return { fulfilmentOrders: (await gatherAt(client, memo, given)).map((part) => fromGid(part.fulfillmentOrderId)) };
  }

  async function find(request: FulfilmentMove): Promise<Reconciled<FulfilmentChange>> {
    const open = await readFulfillmentOrders(client, operation, request.orderId, null);
    const step = nextFulfilmentStep(open, wantedOf(request), locationOf(request.node));
    if (step.kind !== 'ship') return { kind: 'absent' };
    return { kind: 'found', result: { fulfilmentOrders: step.parts.map((part) => fromGid(part.fulfillmentOrderId)) } };
  }

  return { safety: 'natural', make, find };
}

function splitting(client: ShopifyClient): FulfilmentDesk['split'] {
  const operation = 'fulfilment.split';

  async function make(request: FulfilmentSplit): Promise<FulfilmentChange> {
    const wanted = wantedOf(request);
    const open = await beforeTheEffect(() => readFulfillmentOrders(client, operation, request.orderId, null));
    const there = open.find((one) => isExactly(one, wanted));
    if (there !== undefined) return { fulfilmentOrders: [fromGid(there.id)] };
    const from = open.flatMap((one) => {
      const lines = linesIn(one, wanted);
      return one.status === 'OPEN' && lines !== null ? [{ fulfillmentOrderId: one.id, fulfillmentOrderLineItems: lines }] : [];
    })[0];
    if (from === undefined) throw notDone('refused', operation, 'no open fulfillment order of the order holds all of these units');
    const reply = await client({ operation, document: splitDocument, variables: { splits: [from] }, schema: splitSchema, kind: 'effect' });
    const answer = reply.data.fulfillmentOrderSplit;
    throwRefusal(operation, answer?.userErrors ?? []);
    const after = await readFulfillmentOrders(client, operation, request.orderId, null);
    return { fulfilmentOrders: after.filter((one) => isExactly(one, wanted)).map(({ id }) => fromGid(id)) };
  }

  async function find(request: FulfilmentSplit): Promise<Reconciled<FulfilmentChange>> {
    const there = (await readFulfillmentOrders(client, operation, request.orderId, null)).find((one) => isExactly(one, wantedOf(request)));
    return there === undefined ? { kind: 'absent' } : { kind: 'found', result: { fulfilmentOrders: [fromGid(there.id)] } };
  }

  return { safety: 'natural', make, find };
}

type Hold = { readonly id: string; readonly handle: string | null; readonly heldByRequestingApp: boolean };
type HeldOrder = { readonly id: string; readonly status: string; readonly holds: readonly Hold[] };

async function readHolds(client: ShopifyClient, operation: string, orderId: string): Promise<HeldOrder[]> {
  const read: HeldOrder[] = [];
  for (let after: string | null = null; ;) {
    const page: Awaited<ReturnType<typeof readHoldPage>> = await readHoldPage(client, orderId, after);
    if (page === null) throw notDone('not-found', operation, 'the shop has no such order');
    read.push(...page.nodes.map(({ id, status, fulfillmentHolds }) => ({ id, status, holds: fulfillmentHolds })));
    if (!page.pageInfo.hasNextPage || page.pageInfo.endCursor === null) return read;
    after = page.pageInfo.endCursor;
  }
}

async function readHoldPage(client: ShopifyClient, orderId: string, after: string | null) {
  const variables = { id: toGid('Order', orderId), first: heldOrdersPerPage, after };
  const reply = await client({
    operation: 'fulfilment.holds',
    document: heldOrdersDocument,
    variables,
    schema: heldOrdersSchema,
    kind: 'read',
  });
  return reply.data.order === null ? null : reply.data.order.fulfillmentOrders;
}

/** Shopify holds no fulfillment order that is being worked on. */
const holdable: ReadonlySet<string> = new Set(['OPEN', 'SCHEDULED', 'ON_HOLD']);

function hasHold({ holds }: HeldOrder, name: string): boolean {
  return holds.some((hold) => isOurs(hold, name));
}

function isOurs({ handle, heldByRequestingApp }: Hold, name: string): boolean {
  return heldByRequestingApp && handle === name;
}

function changeOf(orders: readonly { readonly id: string }[]): FulfilmentChange {
  return { fulfilmentOrders: orders.map(({ id }) => fromGid(id)) };
}

function wantedOf({ lines }: OrderUnits): WantedLine[] {
  return lines.map(({ lineId, units }) => ({ lineItemId: toGid('LineItem', lineId), units }));
}

/** Lines of a fulfillment order that hold the wanted units; null where they do not. */
function linesIn(one: OpenFulfillmentOrder, wanted: readonly WantedLine[]): ChosenLine[] | null {
  const chosen: ChosenLine[] = [];
  for (const { lineItemId, units } of wanted) {
    const line = one.lines.find((part) => part.lineItemId === lineItemId && part.remaining >= units);
    if (line === undefined) return null;
    chosen.push({ id: line.id, quantity: units });
  }
  return chosen;
}

function isExactly(one: OpenFulfillmentOrder, wanted: readonly WantedLine[]): boolean {
  if (one.status === 'CLOSED' || one.status === 'CANCELLED') return false;
  const open = one.lines.filter((line) => line.remaining > 0);
  return (
    open.length === wanted.length &&
    wanted.every(({ lineItemId, units }) => open.some((line) => line.lineItemId === lineItemId && line.remaining === units))
  );
}

const reasons: Readonly<Record<HoldReason, string>> = {
  payment: 'AWAITING_PAYMENT',
  fraud: 'HIGH_RISK_OF_FRAUD',
  address: 'INCORRECT_ADDRESS',
  'out-of-stock': 'INVENTORY_OUT_OF_STOCK',
  'delivery-date': 'UNKNOWN_DELIVERY_DATE',
  return: 'AWAITING_RETURN_ITEMS',
  other: 'OTHER',
};
