import { epochMs } from '@quartermaster/domain';
import type { GraphQLResolveInfo } from 'graphql';
import { createFulfillment, moveFulfillmentOrder, splitFulfillmentOrder, type ChosenLines } from './fulfilment.ts';
import { gid, idOf, parseGid } from './gid.ts';
import { fulfillmentOrderView, fulfillmentView, lineView, orderView } from './order-views.ts';
import { operationMutations, operationQueries } from './operation-resolvers.ts';
import { page, type PageArguments } from './paging.ts';
import { searchFilter } from './search.ts';
import type { OrderState, ShopState } from './state.ts';
import {
  activate,
  idempotently,
  inventoryKeyErrors,
  plainKeyErrors,
  setQuantities,
  type RequestScope,
  type SetQuantitiesInput,
} from './stock-mutations.ts';
import { itemView, locationView, variantView } from './stock-views.ts';

type ChosenInput = readonly { readonly id: string; readonly quantity: number }[] | null | undefined;
type FulfillmentInput = {
  readonly lineItemsByFulfillmentOrder: readonly {
    readonly fulfillmentOrderId: string;
    readonly fulfillmentOrderLineItems?: ChosenInput;
  }[];
  readonly notifyCustomer?: boolean | null;
  readonly trackingInfo?: {
    readonly company?: string | null;
    readonly number?: string | null;
    readonly numbers?: readonly string[] | null;
    readonly url?: string | null;
    readonly urls?: readonly string[] | null;
  } | null;
};

/** The root of queries. */
export function queryRoot(request: RequestScope) {
  const { state, scopes, versions } = request;
  const node = ({ id }: { id: string }) => {
    const parsed = parseGid(id);
    return parsed === null ? null : nodeView(state, parsed.kind, parsed.id);
  };
  const one =
    (kind: string) =>
    ({ id }: { id: string }) =>
      nodeView(state, kind, idOf(kind, id));
  return {
    ...operationQueries(request),
    shop: () => shopView(state),
    currentAppInstallation: () => ({
      __typename: 'AppInstallation',
      id: gid('AppInstallation', 1),
      accessScopes: scopes.map((handle) => ({ handle, description: handle })),
    }),
    publicApiVersions: () => versions.map((handle) => ({ handle, displayName: handle, supported: true })),
    node,
    nodes: ({ ids }: { ids: readonly string[] }) => ids.map((id) => node({ id })),
    order: one('Order'),
    orders: (given: PageArguments & { query?: string | null; sortKey: string }) => {
      const wanted = searchFilter(given.query);
      const now = epochMs(state.clock.now());
      const indexed = (order: OrderState) => Date.parse(order.updatedAt) + state.searchLagMs(order.id) <= now;
      const shown = [...state.orders.values()].filter((order) => given.query == null || indexed(order));
      const rows = shown.filter((order) =>
        wanted({
          id: order.id,
          name: order.name,
          updated_at: order.updatedAt,
          created_at: order.createdAt,
          processed_at: order.createdAt,
          financial_status: order.financialStatus,
        }),
      );
      return page(
        rows,
        given,
        (order) => [sortValue(order, given.sortKey), order.id],
        (order) => orderView(state, order),
      );
    },
    location: one('Location'),
    locations: (given: PageArguments) =>
      page(
        [...state.locations.values()].filter((row) => row.active),
        given,
        (row) => [row.name, row.id],
        locationView,
      ),
    inventoryItem: one('InventoryItem'),
    inventoryItems: (given: PageArguments & { query?: string | null }) => {
      const wanted = searchFilter(given.query);
      const rows = [...state.items.values()].filter((item) => wanted({ id: item.id, sku: item.sku }));
      return page(
        rows,
        given,
        (row) => ['', row.id],
        (row) => itemView(state, row),
      );
    },
    productVariants: (given: PageArguments & { query?: string | null }) => {
      const wanted = searchFilter(given.query);
      const rows = [...state.variants.values()].filter((row) => wanted({ id: row.id, sku: state.items.get(row.itemId)?.sku ?? null }));
      return page(
        rows,
        given,
        (row) => ['', row.id],
        (row) => variantView(state, row),
      );
    },
    fulfillmentOrder: one('FulfillmentOrder'),
    fulfillment: one('Fulfillment'),
  };
}

/** The root of mutations. */
export function mutationRoot(request: RequestScope) {
  const { state } = request;
  return {
    ...operationMutations(request, queryRoot(request)),
    inventorySetQuantities: ({ input }: { input: SetQuantitiesInput }, _context: unknown, info: GraphQLResolveInfo) =>
      idempotently(state, info, input, inventoryKeyErrors, () => setQuantities(request, input)),
    inventoryActivate: (
      given: { inventoryItemId: string; locationId: string; available?: number | null; onHand?: number | null },
      _context: unknown,
      info: GraphQLResolveInfo,
    ) => idempotently(state, info, given, plainKeyErrors, () => activate(state, given)),
    fulfillmentCreate: ({ fulfillment }: { fulfillment: FulfillmentInput }) => {
      const tracking = fulfillment.trackingInfo;
      const made = createFulfillment(state, {
        parts: fulfillment.lineItemsByFulfillmentOrder.map((part) => ({
          fulfillmentOrderId: idOf('FulfillmentOrder', part.fulfillmentOrderId),
          lines: chosenLines(part.fulfillmentOrderLineItems),
        })),
        company: tracking?.company ?? null,
        numbers: tracking?.numbers ?? (tracking?.number == null ? [] : [tracking.number]),
        urls: tracking?.urls ?? (tracking?.url == null ? [] : [tracking.url]),
        notifyCustomer: fulfillment.notifyCustomer ?? false,
      });
      return { fulfillment: made.result === null ? null : fulfillmentView(state, made.result), userErrors: made.userErrors };
    },
    fulfillmentOrderMove: (given: { id: string; newLocationId: string; fulfillmentOrderLineItems?: ChosenInput }) => {
      const made = moveFulfillmentOrder(
        state,
        idOf('FulfillmentOrder', given.id),
        idOf('Location', given.newLocationId),
        chosenLines(given.fulfillmentOrderLineItems),
      );
      return {
        movedFulfillmentOrder: made.result === null ? null : fulfillmentOrderView(state, made.result.moved),
        originalFulfillmentOrder: made.result === null ? null : fulfillmentOrderView(state, made.result.original),
        remainingFulfillmentOrder: null,
        userErrors: made.userErrors,
      };
    },
    fulfillmentOrderSplit: ({
      fulfillmentOrderSplits,
    }: {
      fulfillmentOrderSplits: readonly { fulfillmentOrderId: string; fulfillmentOrderLineItems: ChosenInput }[];
    }) => {
      const made = fulfillmentOrderSplits.map((split) =>
        splitFulfillmentOrder(state, idOf('FulfillmentOrder', split.fulfillmentOrderId), chosenLines(split.fulfillmentOrderLineItems)),
      );
      return {
        fulfillmentOrderSplits: made.flatMap(({ result }) =>
          result === null
            ? []
            : [
                {
                  fulfillmentOrder: fulfillmentOrderView(state, result.split),
                  remainingFulfillmentOrder: fulfillmentOrderView(state, result.remaining),
                  replacementFulfillmentOrder: null,
                },
              ],
        ),
        userErrors: made.flatMap((one) => one.userErrors),
      };
    },
  };
}

function chosenLines(lines: ChosenInput): ChosenLines {
  return lines == null ? null : lines.map(({ id, quantity }) => ({ id: idOf('FulfillmentOrderLineItem', id), quantity }));
}

function sortValue(order: OrderState, sortKey: string): string {
  if (sortKey === 'UPDATED_AT') return order.updatedAt;
  if (sortKey === 'CREATED_AT' || sortKey === 'PROCESSED_AT') return order.createdAt;
  return '';
}

function shopView(state: ShopState) {
  return {
    __typename: 'Shop',
    id: gid('Shop', 1),
    name: state.name,
    myshopifyDomain: state.domain,
    currencyCode: state.currency,
    taxesIncluded: state.taxesIncluded,
    ianaTimezone: 'UTC',
  };
}

/** The name and shape of any object by its global id. */
function nodeView(state: ShopState, kind: string, id: number): Record<string, unknown> | null {
  const found = <T>(rows: ReadonlyMap<number, T>, view: (row: T) => Record<string, unknown>) => {
    const row = rows.get(id);
    return row === undefined ? null : view(row);
  };
  switch (kind) {
    case 'Order':
      return found(state.orders, (row) => orderView(state, row));
    case 'LineItem': {
      const order = [...state.orders.values()].find(({ lines }) => lines.some((line) => line.id === id));
      const line = order?.lines.find((one) => one.id === id);
      return order === undefined || line === undefined ? null : lineView(state, order, line);
    }
    case 'Location':
      return found(state.locations, locationView);
    case 'InventoryItem':
      return found(state.items, (row) => itemView(state, row));
    case 'ProductVariant':
      return found(state.variants, (row) => variantView(state, row));
    case 'FulfillmentOrder':
      return found(state.fulfillmentOrders, (row) => fulfillmentOrderView(state, row));
    case 'Fulfillment':
      return found(state.fulfillments, (row) => fulfillmentView(state, row));
    default:
      return null;
  }
}
