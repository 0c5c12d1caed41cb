import type { Channel, ConfirmedShipment, Reconciled, ShipmentConfirmation } from '@quartermaster/domain';
import { orNull, notDone, type WooClient } from './client.ts';
import { fulfilledUnits, hasFulfillment, makeFulfillment, readFulfillments } from './fulfillments.ts';
import { recordedShipments, recordOf, shipmentRef, shippedUnits } from './shipment-record.ts';
import { readAs, wantedUnits } from './translate.ts';
import { readOrder, standingFields } from './whole-order.ts';
import { changedOrderSchema, noteSchema, notesSchema, orderSchema, type WireOrder } from './wire.ts';

/** Statuses in which nothing can be shipped any more. */
const dead = new Set(['cancelled', 'refunded', 'failed', 'trash', 'checkout-draft', 'auto-draft']);

/**
 * Confirms shipments. wc/v3 has no shipments of its own: each is told to the customer by a note, or by a fulfilment where the shop has that feature on, and then remembered with the order,
 * which is set to `completed` by the last one. The record comes last, so what is recorded was told; what was told and not recorded is found by its name and not told again.
 */
export function shipmentConfirming(
  client: WooClient,
  given: { readonly fulfillments: boolean },
): Pick<Channel, 'confirmShipment' | 'findShipment'> {
  return { confirmShipment, findShipment };

  async function findShipment(request: ShipmentConfirmation): Promise<Reconciled<ConfirmedShipment>> {
    const order = await read(request.orderId, 'shipments.find');
    const ref = shipmentRef(request);
    return order !== null && recordedShipments(order.meta_data).has(ref) ? { kind: 'found', result: { ref } } : { kind: 'absent' };
  }

  async function confirmShipment(request: ShipmentConfirmation): Promise<ConfirmedShipment> {
    const operation = 'shipments.confirm';
    if (request.lines.length === 0 || request.lines.some(({ units }) => !Number.isInteger(units) || units <= 0))
      throw notDone('invalid-request', operation, 'a shipment without units');
    const order = await read(request.orderId, operation);
    if (order === null) throw notDone('not-found', operation, 'the shop has no such order');
    const ref = shipmentRef(request);
    if (recordedShipments(order.meta_data).has(ref)) return { ref };
    if (dead.has(order.status)) throw notDone('refused', operation, `the order is ${order.status}`);
    const told = given.fulfillments ? await tellByFulfillment(request, order, ref) : await tellByNote(request, order, ref);
    const record = recordOf(request);
    await client({
      operation,
      method: 'PUT',
      path: `/wc/v3/orders/${request.orderId}`,
      query: { _fields: 'id,status,meta_data' },
      body: { meta_data: [record], ...(told.isLast && order.status !== 'completed' ? { status: 'completed' } : {}) },
      schema: changedOrderSchema,
      kind: 'repeatable-effect',
    });
    return { ref };
  }

  async function tellByNote(request: ShipmentConfirmation, order: WireOrder, ref: string): Promise<Told> {
    const told = afterwards(request, order, shippedUnits(order.meta_data));
    const path = `/wc/v3/orders/${request.orderId}/notes`;
    const notes = await client({
      operation: 'shipments.notes',
      method: 'GET',
      path,
      query: { _fields: 'id,note' },
      schema: notesSchema,
      kind: 'read',
    });
    if (notes.some(({ note }) => note.includes(ref))) return told;
    const body = { note: noteOf(request, order, ref), customer_note: request.notifyCustomer };
    await client({ operation: 'shipments.note', method: 'POST', path, query: { _fields: 'id' }, body, schema: noteSchema, kind: 'effect' });
    return told;
  }

  async function tellByFulfillment(request: ShipmentConfirmation, order: WireOrder, ref: string): Promise<Told> {
    const there = await readFulfillments(client, request.orderId);
    if (hasFulfillment(there, ref)) {
      const before = fulfilledUnits(there);
      return { isLast: [...wantedUnits(order)].every(([line, units]) => (before.get(line) ?? 0) >= units) };
    }
    const told = afterwards(request, order, larger(shippedUnits(order.meta_data), fulfilledUnits(there)));
    await makeFulfillment(client, request, ref);
    return told;
  }

  async function read(orderId: string, operation: string): Promise<WireOrder | null> {
    const head = await orNull(readOrder(client, orderId, { operation, fields: standingFields }));
    return head === null ? null : readAs(orderSchema, head);
  }
}

type Told = { readonly isLast: boolean };

/** Whether the shipment leaves nothing to be shipped. The shop itself would take any number of units; more than the order still wants are refused here. */
function afterwards(request: ShipmentConfirmation, order: WireOrder, before: ReadonlyMap<string, number>): Told {
  const wanted = wantedUnits(order);
  const shipped = new Map(before);
  for (const { lineId, units } of request.lines) {
    const sum = (shipped.get(lineId) ?? 0) + units;
    const most = wanted.get(lineId) ?? 0;
    if (sum > most)
      throw notDone('refused', 'shipments.confirm', `${sum} units of line ${lineId} would have shipped, and ${most} are wanted`);
    shipped.set(lineId, sum);
  }
  return { isLast: [...wanted].every(([line, units]) => (shipped.get(line) ?? 0) >= units) };
}

function larger(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...one.keys(), ...other.keys()].map((key) => [key, Math.max(one.get(key) ?? 0, other.get(key) ?? 0)]));
}

/** What the customer reads. The name at its end is how it is found again. */
function noteOf(request: ShipmentConfirmation, order: WireOrder, ref: string): string {
  const goods = request.lines.map(
    ({ lineId, units }) => `${units} × ${order.line_items.find(({ id }) => String(id) === lineId)?.name ?? lineId}`,
  );
  const numbers = request.trackingNumbers.join(', ');
  const link = request.trackingUrl === null ? '' : ` ${request.trackingUrl}`;
  return `Shipped by ${request.carrier.toUpperCase()}${numbers === '' ? '' : ` ${numbers}`}: ${goods.join(', ')}.${link} (${ref})`;
}
