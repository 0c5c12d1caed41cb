/** A fulfillment order as far as planning needs it: what is left to ship of an order at one location. Ids are Shopify's global ones. */
export type OpenFulfillmentOrder = {
  readonly id: string;
  readonly status: string;
  readonly locationId: string | null;
  readonly lines: readonly {
    readonly id: string;
    readonly lineItemId: string;
    readonly inventoryItemId: string | null;
    readonly remaining: number;
  }[];
};

export type WantedLine = { readonly lineItemId: string; readonly units: number };

export type ChosenLine = { readonly id: string; readonly quantity: number };

/** What to do next so that one fulfillment at one location ships exactly the wanted units. */
export type FulfilmentStep =
  /** All of them wait at the location: ship them. */
  | { readonly kind: 'ship'; readonly parts: readonly { readonly fulfillmentOrderId: string; readonly lines: readonly ChosenLine[] }[] }
  /** Some wait elsewhere: these have to be moved first, and then it is looked again. */
  | {
      readonly kind: 'move';
      readonly fulfillmentOrderId: string;
      readonly lines: readonly ChosenLine[];
      readonly inventoryItemIds: readonly string[];
    }
  /** Fewer are open than wanted. `held` of them would be, were they not on hold or scheduled. */
  | { readonly kind: 'short'; readonly lineItemId: string; readonly wanted: number; readonly open: number; readonly held: number };

/**
 * Decides the next step. Units at the location are taken first; a fulfillment holds one location only, so what waits elsewhere is moved, one fulfillment order at a time:
 * Shopify may close and remake fulfillment orders while it moves.
 */
export function nextFulfilmentStep(
  fulfillmentOrders: readonly OpenFulfillmentOrder[],
  wanted: readonly WantedLine[],
  locationId: string,
): FulfilmentStep {
  const open = fulfillmentOrders.filter((one) => openStatuses.has(one.status));
  const nearFirst = [...open.filter((one) => one.locationId === locationId), ...open.filter((one) => one.locationId !== locationId)];
  const chosen = new Map<OpenFulfillmentOrder, { line: OpenFulfillmentOrder['lines'][number]; quantity: number }[]>();
  for (const { lineItemId, units } of merged(wanted)) {
    let left = units;
    for (const one of nearFirst) {
      for (const line of one.lines) {
        const quantity = line.lineItemId === lineItemId ? Math.min(left, line.remaining) : 0;
        if (quantity <= 0) continue;
        chosen.set(one, [...(chosen.get(one) ?? []), { line, quantity }]);
        left -= quantity;
      }
    }
    if (left > 0) {
      const held = fulfillmentOrders
        .filter((one) => waitingStatuses.has(one.status))
        .flatMap((one) => one.lines)
        .filter((line) => line.lineItemId === lineItemId)
        .reduce((sum, line) => sum + line.remaining, 0);
      return { kind: 'short', lineItemId, wanted: units, open: units - left, held };
    }
  }
  const far = nearFirst.find((one) => one.locationId !== locationId && chosen.has(one));
  if (far !== undefined) {
    const lines = chosen.get(far) ?? [];
    return {
      kind: 'move',
      fulfillmentOrderId: far.id,
      lines: lines.map(({ line, quantity }) => ({ id: line.id, quantity })),
      inventoryItemIds: lines.flatMap(({ line }) => (line.inventoryItemId === null ? [] : [line.inventoryItemId])),
    };
  }
  return {
    kind: 'ship',
    parts: [...chosen].map(([one, lines]) => ({
      fulfillmentOrderId: one.id,
      lines: lines.map(({ line, quantity }) => ({ id: line.id, quantity })),
    })),
  };
}

const openStatuses: ReadonlySet<string> = new Set(['OPEN', 'IN_PROGRESS']);
const waitingStatuses: ReadonlySet<string> = new Set(['ON_HOLD', 'SCHEDULED']);

function merged(wanted: readonly WantedLine[]): WantedLine[] {
  const units = new Map<string, number>();
  for (const line of wanted) units.set(line.lineItemId, (units.get(line.lineItemId) ?? 0) + line.units);
  return [...units].map(([lineItemId, sum]) => ({ lineItemId, units: sum })).filter((line) => line.units > 0);
}
