import type { ChannelProbe, NodeId } from '@quartermaster/domain';
import type { VendureClient } from './client.ts';
import { probeDocument } from './documents.ts';
import { fulfillmentHandler } from './shipment.ts';
import { probeSchema } from './wire.ts';

/** Asks who we are in the shop, and names in words what stands in the way. What the token may change cannot be asked; what it may read is tried. */
export async function probeShop(client: VendureClient, locations: Readonly<Record<NodeId, string>>): Promise<ChannelProbe> {
  const { activeChannel, stockLocations, fulfillmentHandlers } = await client({
    operation: 'probe',
    document: probeDocument,
    variables: {},
    schema: probeSchema,
    kind: 'read',
  });
  const known = new Set(stockLocations.items.map(({ id }) => id));
  const lost = Object.entries(locations).filter(([, id]) => !known.has(id));
  return {
    account: activeChannel.code,
    problems: [
      ...lost.map(([node, id]) => `the shop has no stock location ${id}, which is to be node ${node}`),
      ...(fulfillmentHandlers.some(({ code }) => code === fulfillmentHandler)
        ? []
        : [`the shop has no fulfillment handler \`${fulfillmentHandler}\`, so no shipment can be confirmed`]),
    ],
  };
}
