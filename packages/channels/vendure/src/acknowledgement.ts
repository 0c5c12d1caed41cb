import type { Acknowledged, Acknowledgement, ConnectorOperation } from '@quartermaster/domain';
import { notDone, type VendureClient } from './client.ts';
import { noteDocument } from './documents.ts';
import { readHistory } from './history.ts';
import { notedOrderSchema } from './wire.ts';

const operation = 'orders.acknowledge';

/** Writes our name of the order into its history, as a note that customers do not see. Vendure keeps no two notes apart, so it is looked for first. */
export function acknowledging(client: VendureClient): ConnectorOperation<Acknowledgement, Acknowledged> {
  return {
    safety: 'read-back',
    async make({ orderId, ourRef }) {
      const noted = await isNoted(orderId, ourRef);
      if (noted === null) throw notDone('not-found', operation, 'the shop has no such order');
      if (!noted) {
        const variables = { input: { id: orderId, note: noteOf(ourRef), isPublic: false } };
        await client({ operation, document: noteDocument, variables, schema: notedOrderSchema, kind: 'effect' });
      }
      return { ref: ourRef };
    },
    async find({ orderId, ourRef }) {
      return (await isNoted(orderId, ourRef)) === true ? { kind: 'found', result: { ref: ourRef } } : { kind: 'absent' };
    },
  };

  async function isNoted(orderId: string, ourRef: string): Promise<boolean | null> {
    const order = await readHistory(client, 'orders.acknowledged', orderId, 'ORDER_NOTE');
    return order === null ? null : order.history.items.some(({ data }) => data['note'] === noteOf(ourRef));
  }
}

const start = 'Quartermaster: ';

function noteOf(ourRef: string): string {
  return `${start}${ourRef}`;
}

/** Our name of an order in one of its notes; null in any other note. */
export function acknowledgedIn(note: string): string | null {
  return note.startsWith(start) ? note.slice(start.length) : null;
}
