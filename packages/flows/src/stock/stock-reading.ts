import { stockPositionSchema, type Instant, type StockPosition } from '@quartermaster/domain';
import { hasLeft, isLive, type OrderCase } from '@quartermaster/fulfilment';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import type { FlowContext } from '../context.ts';
import { asComponents, recipesIn } from './promisable.ts';
import { addUnits } from './stock-view.ts';

// The ERP's stock as it was read last: what is shown and released by while the ERP does not answer. Kept only where the policy declares a window for the ERP.

/** What the ERP had, and which shipments it counted in that. */
export type StockReading = { readonly at: Instant; readonly positions: readonly StockPosition[]; readonly counted: ReadonlySet<string> };

const kind = 'stock-reading';
const head = 'head';
const headSchema = z.object({ at: z.string(), pages: z.int(), counted: z.array(z.string()) });
const pageSchema = z.object({ positions: z.array(stockPositionSchema) });
const pageSize = 1_000;

/** Keeps a reading of all stock that began at an instant; `cases` were read before it. */
export async function keepReading(
  tx: Transaction,
  { settings }: Pick<FlowContext, 'settings'>,
  { at, positions, cases }: { readonly at: Instant; readonly positions: readonly StockPosition[]; readonly cases: readonly OrderCase[] },
): Promise<void> {
  if (settings.inventory.syncWindows[settings.erp.connection] === undefined) return;
  const put = async (key: string, body: z.infer<typeof headSchema> | z.infer<typeof pageSchema>) => {
    const version = (await tx.records.get(kind, key, z.unknown()))?.version ?? 0;
    await tx.records.put(kind, key, { state: 'current', body, at, version });
  };
  const pages = Math.ceil(positions.length / pageSize);
  for (let page = 0; page < pages; page += 1)
    await put(String(page), { positions: positions.slice(page * pageSize, (page + 1) * pageSize).map(plain) });
  const counted = cases.flatMap((each) => each.shipments.filter(isInErp).map(({ id }) => shipmentKey(each.key, id)));
  await put(head, { at, pages, counted });
}

/** When all stock was last read; null: never, or nobody keeps it. */
export async function readingAt(tx: ReadTransaction | Transaction): Promise<Instant | null> {
  return (await tx.records.get(kind, head, headSchema))?.body.at ?? null;
}

export async function lastReading(tx: ReadTransaction | Transaction): Promise<StockReading | null> {
  const found = await tx.records.get(kind, head, headSchema);
  if (found === null) return null;
  const positions: StockPosition[] = [];
  for (let page = 0; page < found.body.pages; page += 1)
    positions.push(...((await tx.records.get(kind, String(page), pageSchema))?.body.positions ?? []));
  return { at: found.body.at, positions, counted: new Set(found.body.counted) };
}

/** The positions of a reading with what shipments that came into the ERP since have set aside, or taken away. Those of orders that are over since are not looked at. Pure. */
export function withShipmentsSince({ positions, counted }: StockReading, cases: readonly OrderCase[]): StockPosition[] {
  const taken = new Map<string, Map<string, number>>();
  for (const each of cases)
    for (const shipment of each.shipments.filter((one) => isInErp(one) && (isLive(one) || hasLeft(one))))
      if (!counted.has(shipmentKey(each.key, shipment.id)))
        for (const line of shipment.lines) addUnits(taken, shipment.node, line.sku, line.units);
  if (taken.size === 0) return [...positions];
  const recipes = recipesIn(positions);
  const left = new Map([...taken].map(([node, skus]) => [node, asComponents(skus, recipes)]));
  return positions.map((position) => {
    const units = Math.ceil(left.get(position.node)?.get(position.sku) ?? 0);
    if (units === 0 || position.kit !== null) return position;
    left.get(position.node)?.delete(position.sku);
    return { ...position, reserved: position.reserved + units };
  });
}

function isInErp({ state }: OrderCase['shipments'][number]): boolean {
  return state !== 'planned';
}

function shipmentKey(order: string, shipment: string): string {
  return JSON.stringify([order, shipment]);
}

function plain({ inbound, kit, ...position }: StockPosition): z.infer<typeof stockPositionSchema> {
  return { ...position, inbound: [...inbound], kit: kit === null ? null : [...kit] };
}
