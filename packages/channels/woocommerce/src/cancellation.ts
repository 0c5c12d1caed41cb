import type { Cancellation, Cancelled, ConnectorOperation } from '@quartermaster/domain';
import { notDone, type WooClient } from './client.ts';
import { shippedUnits } from './shipment-record.ts';
import { readAs } from './translate.ts';
import { readOrder, standingFields } from './whole-order.ts';
import { changedOrderSchema, orderSchema, type WireOrder } from './wire.ts';

const operation = 'orders.cancel';

/**
 * Cancels whole orders, by their status, which is the same twice as once. WooCommerce has no part of an order to cancel; a refund of units takes them out, but pays at once. It puts the units
 * back on sale by itself, whatever `restock` says, mails by the shop's own settings, and pays nothing back.
 */
export function cancelling(client: WooClient): ConnectorOperation<Cancellation, Cancelled> {
  return {
    safety: 'natural',
    async make({ orderId, lines, reason }) {
      if (lines !== null) throw notDone('unsupported', operation, 'WooCommerce cancels whole orders only');
      const order = await read(orderId);
      if (order === null) throw notDone('not-found', operation, 'the shop has no such order');
      if (isCancelled(order)) return { ref: orderId, state: 'done' };
      if (order.status === 'completed' || shippedUnits(order.meta_data).size > 0)
        throw notDone('refused', operation, 'a part of the order has shipped, and WooCommerce cancels whole orders only');
      await client({
        operation,
        method: 'PUT',
        path: `/wc/v3/orders/${orderId}`,
        query: { _fields: 'id,status,meta_data' },
        body: { status: 'cancelled', meta_data: [{ key: '_qm_cancel_reason', value: reason }] },
        schema: changedOrderSchema,
        kind: 'repeatable-effect',
      });
      return { ref: orderId, state: 'done' };
    },
    async find({ orderId }) {
      const order = await read(orderId);
      return order !== null && isCancelled(order) ? { kind: 'found', result: { ref: orderId, state: 'done' } } : { kind: 'absent' };
    },
  };

  async function read(orderId: string): Promise<WireOrder | null> {
    const head = await readOrder(client, orderId, { operation: 'orders.cancelled', fields: standingFields });
    return head === null ? null : readAs(orderSchema, head);
  }
}

function isCancelled({ status }: WireOrder): boolean {
  return status === 'cancelled' || status === 'trash';
}
