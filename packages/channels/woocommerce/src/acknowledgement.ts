import type { Acknowledged, Acknowledgement, ConnectorOperation } from '@quartermaster/domain';
import type { WooClient } from './client.ts';
import { changedOrderSchema, orderSchema } from './wire.ts';
import { readAs } from './translate.ts';
import { readOrder, standingFields } from './whole-order.ts';

const key = '_qm_ack';

/** Writes our name of the order into its `meta_data`, which is the same twice as once. */
export function acknowledging(client: WooClient): ConnectorOperation<Acknowledgement, Acknowledged> {
  return {
    safety: 'natural',
    async make({ orderId, ourRef }) {
      await client({
        operation: 'orders.acknowledge',
        method: 'PUT',
        path: `/wc/v3/orders/${encodeURIComponent(orderId)}`,
        query: { _fields: 'id,status,meta_data' },
        body: { meta_data: [{ key, value: ourRef }] },
        schema: changedOrderSchema,
        kind: 'repeatable-effect',
      });
      return { ref: ourRef };
    },
    async find({ orderId, ourRef }) {
      const head = await readOrder(client, orderId, { operation: 'orders.acknowledged', fields: standingFields });
      if (head === null) return { kind: 'absent' };
      const { meta_data } = readAs(orderSchema, head);
      return meta_data.some((meta) => meta.key === key && meta.value === ourRef)
        ? { kind: 'found', result: { ref: ourRef } }
        : { kind: 'absent' };
    },
  };
}
