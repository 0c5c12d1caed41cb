import type { Acknowledged, Acknowledgement, ConnectorOperation, Reconciled } from '@quartermaster/domain';
import type { ShopifyClient } from './client.ts';
import { fromGid, toGid } from './identifiers.ts';
import { acknowledgedDocument, acknowledgeDocument } from './operation-documents.ts';
import { acknowledgedSchema, acknowledgeSchema } from './operation-wire.ts';
import { namelessAnswer, throwRefusal } from './refusals.ts';

const operation = 'orders.acknowledge';

/**
 * Where our name of an order is kept: a metafield of it. A tag would be lost among the merchant's 250, may have 40 characters, and a second name would stand beside the first. The namespace is
 * not the app's own (`$app`), so that people and reports see it, and it survives another app.
 */
export const acknowledgementField = { namespace: 'quartermaster', key: 'order' } as const;

/** Writes our name of an order on it. Setting a metafield twice is the same as once. */
export function acknowledging(client: ShopifyClient): ConnectorOperation<Acknowledgement, Acknowledged> {
  async function make({ orderId, ourRef }: Acknowledgement): Promise<Acknowledged> {
    const metafield = { ownerId: toGid('Order', orderId), ...acknowledgementField, type: 'single_line_text_field', value: ourRef };
    const reply = await client({
      operation,
      document: acknowledgeDocument,
      variables: { metafields: [metafield] },
      schema: acknowledgeSchema,
      kind: 'repeatable-effect',
    });
    throwRefusal(operation, reply.data.metafieldsSet?.userErrors ?? []);
    const id = reply.data.metafieldsSet?.metafields?.[0]?.id;
    if (id === undefined) throw namelessAnswer(operation, 'metafield');
    return { ref: fromGid(id) };
  }

  async function find({ orderId, ourRef }: Acknowledgement): Promise<Reconciled<Acknowledged>> {
    const variables = { id: toGid('Order', orderId), ...acknowledgementField };
    const reply = await client({
      operation: 'orders.acknowledged',
      document: acknowledgedDocument,
      variables,
      schema: acknowledgedSchema,
      kind: 'read',
    });
    const metafield = reply.data.order?.metafield;
    return metafield?.value === ourRef ? { kind: 'found', result: { ref: fromGid(metafield.id) } } : { kind: 'absent' };
  }

  return { safety: 'natural', make, find };
}
