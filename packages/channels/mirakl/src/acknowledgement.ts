import { beforeTheEffect, gathering } from '@quartermaster/connector-kit';
import { isFault, type Acknowledged, type Acknowledgement, type ConnectorOperation, type Reconciled } from '@quartermaster/domain';
import { notDone, type MiraklClient } from './client.ts';
import { ordersPerRequest } from './limits.ts';
import { readOrder } from './orders.ts';
import { updatedOrdersSchema } from './wire-operations.ts';
import type { WireOrder } from './wire.ts';

/**
 * Takes orders on: accepts all lines of one that waits for it (OR21), and writes our name of it to `order_reference_for_seller` (OR04). Both set what is to be. OR04 may be called once a minute
 * with a hundred orders, so those that are asked for while one waits go together.
 *
 * An order is debited, and has an address, only after it was accepted: where the platform asks for acceptance, this must come before anything waits for payment.
 */
export function acknowledging(client: MiraklClient): ConnectorOperation<Acknowledgement, Acknowledged> {
  const name = gathering<Acknowledgement, Acknowledged>(
    async (requests) => {
      const reply = await client.call(
        {
          operation: 'orders.name',
          limit: 'order-references',
          method: 'PUT',
          path: '/api/orders',
          json: {
            orders: requests.map(({ orderId, ourRef }) => ({ order_id: orderId, references: { order_reference_for_seller: ourRef } })),
          },
          kind: 'repeatable-effect',
        },
        updatedOrdersSchema,
      );
      return requests.map(({ orderId, ourRef }) => {
        const [error] = (reply.updated_orders ?? []).find((one) => one.order_id === orderId)?.errors ?? [];
        if (error === undefined) return { kind: 'result', result: { ref: ourRef } };
        return { kind: 'fault', fault: notDone('refused', 'orders.name', error.message ?? error.code ?? 'Mirakl gives no reason') };
      });
    },
    { atMost: ordersPerRequest, atATime: 1 },
  );

  async function make(request: Acknowledgement): Promise<Acknowledged> {
    const order = await beforeTheEffect(() => readOrder(client, request.orderId, 'orders.look'));
    if (order === null) throw notDone('not-found', 'orders.accept', 'the marketplace has no such order');
    if (order.order_state === 'WAITING_ACCEPTANCE') await accept(order);
    if (order.references?.order_reference_for_seller === request.ourRef) return { ref: request.ourRef };
    return name(request);
  }

  async function accept(order: WireOrder): Promise<void> {
    try {
      await client.text({
        operation: 'orders.accept',
        limit: 'page',
        method: 'PUT',
        path: `/api/orders/${encodeURIComponent(order.order_id)}/accept`,
        json: { order_lines: order.order_lines.map(({ order_line_id: id }) => ({ id, accepted: true })) },
        kind: 'repeatable-effect',
        understand: (message) => notDone('conflict', 'orders.accept', message),
      });
    } catch (error) {
      // An answer that was lost, and the call repeated: the order does not wait any more.
      if (!isFault(error) || error.code !== 'conflict') throw error;
      const now = await readOrder(client, order.order_id, 'orders.look');
      if (now === null || now.order_state === 'WAITING_ACCEPTANCE' || now.order_state === 'REFUSED') throw error;
    }
  }

  async function find({ orderId, ourRef }: Acknowledgement): Promise<Reconciled<Acknowledged>> {
    const order = await readOrder(client, orderId, 'orders.acknowledged');
    const isTaken = order !== null && order.order_state !== 'WAITING_ACCEPTANCE' && order.references?.order_reference_for_seller === ourRef;
    return isTaken ? { kind: 'found', result: { ref: ourRef } } : { kind: 'absent' };
  }

  return { safety: 'natural', make, find };
}
