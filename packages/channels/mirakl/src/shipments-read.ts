import type { MiraklClient } from './client.ts';
import { entriesPerPage } from './limits.ts';
import { shipmentPageSchema, type WireShipment } from './wire-operations.ts';

/** All shipments of these orders, at most a hundred of them (ST11). Its pages follow one another by a token, so none is lost while others are made. */
export async function readShipments(
  client: MiraklClient,
  orderIds: readonly string[],
  operation: string,
): Promise<readonly WireShipment[]> {
  const found: WireShipment[] = [];
  for (let token: string | null = null, more = true; more; more = token !== null) {
    const page: { readonly data: readonly WireShipment[]; readonly next_page_token?: string | null | undefined } = await client.call(
      {
        operation,
        limit: 'page',
        method: 'GET',
        path: '/api/shipments',
        query: [
          ...orderIds.map((id) => ['order_id', id] as const),
          ['limit', String(entriesPerPage)],
          ...(token === null ? [] : [['page_token', token] as const]),
        ],
        kind: 'read',
      },
      shipmentPageSchema,
    );
    found.push(...page.data);
    token = page.next_page_token ?? null;
  }
  return found;
}

/** Units of each line that have left. A shipment that is only being prepared has not. */
export function shippedUnits(shipments: readonly WireShipment[]): Map<string, number> {
  const units = new Map<string, number>();
  for (const { status, shipment_lines: lines } of shipments) {
    if (!left.has(status)) continue;
    for (const { order_line_id: id, quantity } of lines ?? [])
      if (id !== null && id !== undefined) units.set(id, (units.get(id) ?? 0) + quantity);
  }
  return units;
}

const left = new Set(['SHIPPED', 'TO_COLLECT', 'RECEIVED', 'CLOSED']);

/** Whether a shipment has left the house. */
export function hasLeft({ status }: WireShipment): boolean {
  return left.has(status);
}
