import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { epochMs } from '@quartermaster/domain';
import { z } from 'zod';
import { exampleVendorBucket, maxStockBatch } from '../limits.ts';
import type { WireOrder } from '../wire.ts';
import { changeOrder, type VendorState } from './state.ts';

// The vendor's side of the wire. Strict: what the vendor would refuse is refused here, or a mistake shows only at the real one.

const stockBodySchema = z.object({ levels: z.array(z.object({ sku: z.string(), available: z.int().nonnegative() })).max(maxStockBatch) });
const shipmentBodySchema = z.object({
  lines: z.array(z.object({ line_id: z.string(), quantity: z.int().positive() })).min(1),
  carrier: z.string().min(1),
  tracking_numbers: z.array(z.string()),
});

export function createApp(state: VendorState): SandboxApp {
  const isAllowed = callCounter(state);

  return async (request) => {
    if (request.headers.get('authorization') !== `Bearer ${state.token}`) return answer(401, { error: 'unauthorized' });
    if (!isAllowed()) return answer(429, { error: 'too many requests' }, { 'retry-after': '1' });
    const { pathname, searchParams } = new URL(request.url);
    const [, kind, id = '', part] = pathname.split('/').map(decodeURIComponent);
    const route = `${request.method} ${kind ?? ''}${id === '' ? '' : '/*'}${part === undefined ? '' : `/${part}`}`;
    switch (route) {
      case 'GET account':
        return answer(200, { name: 'Acme' });
      case 'GET orders':
        return answer(200, pageOf(state, searchParams));
      case 'GET orders/*':
        return state.orders.has(id) ? answer(200, state.orders.get(id)) : answer(404, { error: 'no such order' });
      case 'POST orders/*/shipments':
        return ship(state, id, await jsonOf(request));
      case 'GET stock':
        return answer(200, {
          levels: [...state.stock]
            .map(([sku, available]) => ({ sku, available }))
            .filter(({ sku }) => searchParams.getAll('sku').includes(sku)),
        });
      case 'PUT stock':
        return setStock(state, await jsonOf(request));
      default:
        return answer(404, { error: 'no such address' });
    }
  };
}

/** Orders by the time of their change; the next page begins after the last order of this one, wherever that one is by then. */
function pageOf(state: VendorState, query: URLSearchParams): { readonly orders: readonly WireOrder[]; readonly next: string | null } {
  const key = ({ updated_at: at, id }: WireOrder) => `${at} ${id}`;
  const from = query.get('after') ?? query.get('updated_since') ?? '';
  const limit = Math.min(Number(query.get('limit') ?? 50), 50);
  const rest = [...state.orders.values()].filter((order) => key(order) > from).toSorted((left, right) => (key(left) < key(right) ? -1 : 1));
  const orders = rest.slice(0, limit);
  const last = orders.at(-1);
  return { orders, next: rest.length > limit && last !== undefined ? key(last) : null };
}

function setStock(state: VendorState, json: unknown): Response {
  const body = stockBodySchema.safeParse(json);
  if (!body.success) return answer(422, { error: 'bad levels' });
  const results = body.data.levels.map(({ sku, available }) => {
    if (!state.stock.has(sku)) return { sku, result: 'unknown' };
    state.stock.set(sku, available);
    return { sku, result: 'set' };
  });
  return answer(200, { results });
}

function ship(state: VendorState, id: string, json: unknown): Response {
  const order = state.orders.get(id);
  if (order === undefined) return answer(404, { error: 'no such order' });
  const body = shipmentBodySchema.safeParse(json);
  if (!body.success) return answer(422, { error: 'bad shipment' });
  const units = new Map(body.data.lines.map((line) => [line.line_id, line.quantity]));
  const fits = [...units].every(([lineId, quantity]) => {
    const line = order.lines.find((one) => one.id === lineId);
    return line !== undefined && line.shipped + quantity <= line.quantity;
  });
  if (!fits || order.status !== 'open') return answer(422, { error: 'more than the order wants' });
  const shipmentId = `${id}-${order.shipments.length + 1}`;
  state.shippedUnits.set(shipmentId, Object.fromEntries(units));
  changeOrder(state, id, (known) => ({
    ...known,
    lines: known.lines.map((line) => ({ ...line, shipped: line.shipped + (units.get(line.id) ?? 0) })),
    shipments: [...known.shipments, { id: shipmentId, tracking_numbers: body.data.tracking_numbers }],
  }));
  return answer(201, { id: shipmentId });
}

/** The vendor's limit, as it counts. */
function callCounter({ clock }: VendorState): () => boolean {
  let points = exampleVendorBucket.capacity;
  let at = epochMs(clock.now());
  return () => {
    const now = epochMs(clock.now());
    points = Math.min(exampleVendorBucket.capacity, points + ((now - at) / 1_000) * exampleVendorBucket.perSecond);
    at = now;
    if (points < 1) return false;
    points -= 1;
    return true;
  };
}

function answer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
}

async function jsonOf(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    return null;
  }
}
