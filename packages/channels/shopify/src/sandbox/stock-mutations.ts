import { getDirectiveValues, GraphQLError, type GraphQLResolveInfo } from 'graphql';
import { gid, idOf } from './gid.ts';
import { sandboxSchema } from './schema.ts';
import { nextId, now, type ShopState, type UserErrorState } from './state.ts';
import { itemView, levelView, locationView } from './stock-views.ts';

/** What the resolvers know of the request. */
export type RequestScope = {
  readonly state: ShopState;
  readonly apiVersion: string;
  readonly scopes: readonly string[];
  readonly versions: readonly string[];
  /** Where the files of bulk operations are. */
  readonly storageOrigin: string;
};

type QuantityInput = {
  readonly inventoryItemId: string;
  readonly locationId: string;
  readonly quantity: number;
  readonly changeFromQuantity?: number | null;
};
export type SetQuantitiesInput = {
  readonly name: string;
  readonly reason: string;
  readonly referenceDocumentUri?: string | null;
  readonly quantities: readonly QuantityInput[];
};
type Payload = { readonly userErrors: readonly UserErrorState[] };
type KeyErrors = Readonly<Record<'mismatch' | 'failed', UserErrorState>>;

export const plainKeyErrors: KeyErrors = {
  mismatch: { field: null, message: 'The same idempotency key cannot be used with different operation parameters.' },
  failed: { field: null, message: 'A previous request with this idempotency key failed. Retry with a new idempotency key.' },
};
export const inventoryKeyErrors: KeyErrors = {
  mismatch: { ...plainKeyErrors.mismatch, code: 'IDEMPOTENCY_KEY_PARAMETER_MISMATCH' },
  failed: { ...plainKeyErrors.failed, code: 'IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED' },
};

/**
 * Runs a mutation once per key. The directive is required since 2026-04. The same key with the same parameters gets the first answer again; with others, or after an attempt
 * that failed, an error.
 */
export function idempotently(
  state: ShopState,
  info: GraphQLResolveInfo,
  parameters: unknown,
  errors: KeyErrors,
  run: () => Payload,
): Payload {
  const directive = sandboxSchema.getDirective('idempotent');
  const node = info.fieldNodes[0];
  const given = directive == null || node === undefined ? undefined : getDirectiveValues(directive, node, info.variableValues);
  const key = given?.['key'];
  if (typeof key !== 'string' || key.trim() === '') {
    throw new GraphQLError('The @idempotent directive is required for this mutation but was not provided.', {
      extensions: { code: 'BAD_REQUEST' },
    });
  }
  const name = `${info.fieldName}:${key}`;
  const request = JSON.stringify(parameters);
  const earlier = state.answers.get(name);
  if (earlier !== undefined) {
    if (earlier.request !== request) return { userErrors: [errors.mismatch] };
    return earlier.failed ? { userErrors: [errors.failed] } : earlier.answer();
  }
  const answer = run();
  state.answers.set(name, { request, failed: answer.userErrors.length > 0, answer: () => answer });
  return answer;
}

/** Sets quantities, all of a request or none. */
export function setQuantities(
  { state, apiVersion }: RequestScope,
  input: SetQuantitiesInput,
): Payload & { inventoryAdjustmentGroup: unknown } {
  if (input.quantities.some((quantity) => !('changeFromQuantity' in quantity))) {
    throw new GraphQLError('changeFromQuantity must be provided: give null to opt out of the check.', {
      extensions: { code: 'BAD_REQUEST' },
    });
  }
  const userErrors: UserErrorState[] = [];
  const bad = (code: string, message: string, ...path: string[]) => userErrors.push({ code, message, field: ['input', ...path] });
  if (input.name !== 'available' && input.name !== 'on_hand') {
    bad('INVALID_NAME', "The quantity name must be either 'available' or 'on_hand'.", 'name');
  }
  if (!knownReasons.has(input.reason)) bad('INVALID_REASON', 'The specified reason is invalid.', 'reason');
  const seen = new Set<string>();
  const sets: (() => { name: string; delta: number; quantityAfterChange: number; item: unknown; location: unknown })[] = [];
  for (const [index, quantity] of input.quantities.entries()) {
    const at = (field: string) => ['quantities', String(index), field];
    const item = state.items.get(idOf('InventoryItem', quantity.inventoryItemId));
    const location = state.locations.get(idOf('Location', quantity.locationId));
    if (item === undefined) {
      bad('INVALID_INVENTORY_ITEM', 'The specified inventory item could not be found.', ...at('inventoryItemId'));
      continue;
    }
    if (location === undefined || !location.active) {
      bad('INVALID_LOCATION', 'The specified location could not be found.', ...at('locationId'));
      continue;
    }
    const pair = `${item.id}/${location.id}`;
    if (seen.has(pair)) {
      bad(
        'NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR',
        'The combination of inventoryItemId and locationId must be unique.',
        ...at('locationId'),
      );
    }
    seen.add(pair);
    const level = item.levels.get(location.id);
    if (level === undefined && apiVersion < '2026-10') {
      bad('ITEM_NOT_STOCKED_AT_LOCATION', 'The specified inventory item is not stocked at the location.', ...at('locationId'));
      continue;
    }
    const present = level ?? { available: 0, committed: 0 };
    const before = input.name === 'available' ? present.available : present.available + present.committed;
    if (quantity.quantity < 0) bad('INVALID_QUANTITY_NEGATIVE', "The quantity can't be negative.", ...at('quantity'));
    if (quantity.quantity > 1_000_000_000) {
      bad('INVALID_QUANTITY_TOO_HIGH', "The total quantity can't be higher than 1,000,000,000.", ...at('quantity'));
    }
    if (quantity.changeFromQuantity != null && quantity.changeFromQuantity !== before) {
      bad('CHANGE_FROM_QUANTITY_STALE', 'The changeFromQuantity value does not match persisted value.', ...at('changeFromQuantity'));
    }
    sets.push(() => {
      const delta = quantity.quantity - before;
      item.levels.set(location.id, { available: present.available + delta, committed: present.committed });
      return {
        name: input.name,
        delta,
        quantityAfterChange: quantity.quantity,
        item: itemView(state, item),
        location: locationView(location),
      };
    });
  }
  if (userErrors.length > 0) return { inventoryAdjustmentGroup: null, userErrors };
  return {
    inventoryAdjustmentGroup: {
      id: gid('InventoryAdjustmentGroup', nextId(state, 'InventoryAdjustmentGroup')),
      createdAt: now(state),
      reason: input.reason,
      referenceDocumentUri: input.referenceDocumentUri ?? null,
      changes: sets.map((set) => set()),
    },
    userErrors,
  };
}

/** Makes a location stock an item; what it stocks already stays as it is. */
export function activate(
  state: ShopState,
  given: { inventoryItemId: string; locationId: string; available?: number | null; onHand?: number | null },
): Payload & { inventoryLevel: unknown } {
  const item = state.items.get(idOf('InventoryItem', given.inventoryItemId));
  const location = state.locations.get(idOf('Location', given.locationId));
  if (item === undefined)
    return { inventoryLevel: null, userErrors: [{ field: ['inventoryItemId'], message: 'The product could not be found.' }] };
  if (location === undefined || !location.active) {
    return { inventoryLevel: null, userErrors: [{ field: ['locationId'], message: 'The location could not be found.' }] };
  }
  if (!item.levels.has(location.id)) item.levels.set(location.id, { available: given.available ?? given.onHand ?? 0, committed: 0 });
  return { inventoryLevel: levelView(state, item, location.id), userErrors: [] };
}

/** Reasons that the vendor lists for changes of quantities, as far as they are known here. */
const knownReasons: ReadonlySet<string> = new Set([
  'correction',
  'cycle_count_available',
  'damaged',
  'movement_created',
  'movement_received',
  'movement_updated',
  'movement_canceled',
  'other',
  'promotion',
  'quality_control',
  'received',
  'reservation_created',
  'reservation_deleted',
  'reservation_updated',
  'restock',
  'safety_stock',
  'shrinkage',
]);
