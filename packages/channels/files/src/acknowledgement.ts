import type { Acknowledged, Acknowledgement, ConnectorOperation } from '@quartermaster/domain';
import { nameOfRequest } from './layout.ts';
import { openOrder } from './open-order.ts';
import type { OrderBook } from './order-book.ts';
import type { Sending } from './sending.ts';
import { acknowledgementText, type FileFormat } from './written-text.ts';

/** Tells the partner by a file that we have taken an order on. */
export function acknowledging(book: OrderBook, sending: Sending, format: FileFormat): ConnectorOperation<Acknowledgement, Acknowledged> {
  return {
    safety: 'natural',
    async make({ orderId, ourRef }) {
      const id = acknowledgementId(orderId, ourRef);
      await openOrder(book, orderId, 'order.acknowledge');
      const written = acknowledgementText(
        { format: 'acknowledgement/1', acknowledgement_id: id, order_id: orderId, our_ref: ourRef },
        format,
      );
      await sending.send('acknowledgements', { id, orderId, ...written });
      return { ref: id };
    },
    async find({ orderId, ourRef }) {
      const id = acknowledgementId(orderId, ourRef);
      return (await sending.wasSent('acknowledgements', id)) ? { kind: 'found', result: { ref: id } } : { kind: 'absent' };
    },
  };
}

function acknowledgementId(orderId: string, ourRef: string): string {
  return nameOfRequest(orderId, 'acknowledgement', ourRef);
}
