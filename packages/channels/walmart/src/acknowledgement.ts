import { isFault, type Acknowledged, type Acknowledgement, type ConnectorOperation, type Reconciled } from '@quartermaster/domain';
import { notDone, type WalmartClient } from './client.ts';
import { waitsForAcknowledgement } from './line-units.ts';
import { orderPath, readOrder } from './orders.ts';
import { oneOrderSchema } from './wire.ts';

/**
 * Takes orders on, which Walmart wants within four hours. It is a state of the order's lines, so that twice is the same as once; Walmart keeps no name of ours with it (our number goes with
 * the shipment).
 */
export function acknowledging(client: WalmartClient): ConnectorOperation<Acknowledgement, Acknowledged> {
  return {
    safety: 'natural',
    async make({ orderId }) {
      await acknowledge(client, orderId, 'orders.acknowledge');
      return { ref: orderId };
    },
    async find({ orderId }): Promise<Reconciled<Acknowledged>> {
      const order = await readOrder(client, orderId, 'orders.acknowledged');
      if (order === null || waitsForAcknowledgement(order)) return { kind: 'absent' };
      return { kind: 'found', result: { ref: orderId } };
    },
  };
}

/** Walmart may refuse an order of which nothing waits any more; then it is done already. */
export async function acknowledge(client: WalmartClient, orderId: string, operation: string): Promise<void> {
  try {
    await client({
      operation,
      bucket: 'acknowledge',
      method: 'POST',
      path: `${orderPath(orderId)}/acknowledge`,
      schema: oneOrderSchema,
      kind: 'repeatable-effect',
    });
  } catch (error) {
    if (!isFault(error) || error.code !== 'invalid-request') throw error;
    const order = await readOrder(client, orderId, 'orders.look');
    if (order === null || waitsForAcknowledgement(order)) throw notDone('refused', operation, error.facts.message);
  }
}
