import type { ChannelProbe } from '@quartermaster/domain';
import type { AmazonClient } from './client.ts';
import { participationsSchema } from './wire.ts';

/** Who the seller is on his marketplaces, and which of those that the connection names he cannot sell on. */
export async function probeSeller(
  client: AmazonClient,
  given: { sellerId: string; marketplaceIds: readonly string[] },
): Promise<ChannelProbe> {
  const path = '/sellers/v1/marketplaceParticipations';
  const reply = await client.call({
    operation: 'getMarketplaceParticipations',
    method: 'GET',
    path,
    schema: participationsSchema,
    kind: 'read',
  });
  const problems = given.marketplaceIds.flatMap((id) => {
    const found = reply.payload.find(({ marketplace }) => marketplace.id === id);
    if (found === undefined) return [`the seller has no account on marketplace ${id} of this region`];
    return [
      ...(found.participation.isParticipating ? [] : [`the seller does not sell on ${found.marketplace.name}`]),
      ...(found.participation.hasSuspendedListings ? [`Amazon suspended listings on ${found.marketplace.name}`] : []),
    ];
  });
  const names = new Set(reply.payload.flatMap(({ storeName }) => storeName ?? []));
  return { account: [given.sellerId, ...names].join(' '), problems };
}
