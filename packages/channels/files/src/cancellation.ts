import type { Cancellation, Cancelled, ConnectorOperation } from '@quartermaster/domain';
import { nameOfRequest } from './layout.ts';
import { answerAfterMs } from './limits.ts';
import { openOrder } from './open-order.ts';
import type { OrderBook } from './order-book.ts';
import type { Sending } from './sending.ts';
import { cancellationText, type FileFormat } from './written-text.ts';

/**
 * Asks the partner for a cancellation by a file. It is done when the partner sends the order again: as cancelled, or with the cancellation's id among its `cancellation_ids`. A partner that
 * refuses sends nothing, and it stays requested.
 */
export function cancelling(book: OrderBook, sending: Sending, format: FileFormat): ConnectorOperation<Cancellation, Cancelled> {
  return {
    safety: 'natural',
    async make(request, { key }) {
      const id = cancellationId(request, key);
      if (await isDone(request, id)) return { ref: id, state: 'done' };
      await openOrder(book, request.orderId, 'order.cancel');
      const written = cancellationText(
        {
          format: 'cancellation/1',
          cancellation_id: id,
          order_id: request.orderId,
          reason: request.reason,
          restock: request.restock,
          notify_customer: request.notifyCustomer,
          lines: request.lines?.map(({ lineId, units }) => ({ line_id: lineId, quantity: units })) ?? null,
        },
        format,
      );
      await sending.send('cancellations', { id, orderId: request.orderId, ...written });
      return { ref: id, state: 'requested' };
    },
    async find(request, { key }) {
      const id = cancellationId(request, key);
      if (await isDone(request, id)) return { kind: 'found', result: { ref: id, state: 'done' } };
      return (await sending.wasSent('cancellations', id)) ? { kind: 'pending', afterMs: answerAfterMs } : { kind: 'absent' };
    },
  };

  async function isDone({ orderId }: Cancellation, id: string): Promise<boolean> {
    await book.refresh();
    const read = book.newest(orderId)?.read;
    return read?.kind === 'order' && (read.order.status === 'cancelled' || (read.order.cancellation_ids ?? []).includes(id));
  }
}

/** With the intent's key, because a unit may be cancelled today and another one of the same line tomorrow. */
function cancellationId({ orderId, lines, reason }: Cancellation, key: string): string {
  const parts = lines === null ? ['all'] : lines.map(({ lineId, units }) => `${units} ${lineId}`).toSorted();
  return nameOfRequest(orderId, 'cancellation', key, reason, ...parts);
}
