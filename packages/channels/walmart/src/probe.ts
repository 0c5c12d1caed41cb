import type { ChannelProbe } from '@quartermaster/domain';
import type { WalmartClient } from './client.ts';
import { inventoriesPageSchema } from './wire-inventory.ts';
import { isNoContent } from './orders.ts';
import type { ShipNodes } from './levels.ts';
import { tokenDetailSchema } from './wire.ts';

/** Parts of the API that something here needs to write to. */
const neededScopes = ['orders', 'inventory', 'feeds', 'returns'] as const;

/** Asks whether the key is good and what it may do, and names in words what stands in the way. Walmart tells no seller's name. */
export async function probeWalmart(
  client: WalmartClient,
  given: { readonly clientId: string; readonly shipNodes: ShipNodes },
): Promise<ChannelProbe> {
  const problems: string[] = [];
  const detail = await client({
    operation: 'probe.token',
    bucket: 'token',
    method: 'GET',
    path: '/v3/token/detail',
    schema: tokenDetailSchema,
    kind: 'read',
  });
  if (!detail.is_valid) problems.push('Walmart says that the token is not valid');
  for (const scope of neededScopes) {
    const access = detail.scopes[scope];
    if (access !== undefined && access !== 'full_access' && !(scope === 'returns' && access === 'view_only'))
      problems.push(`the key has ${access.replaceAll('_', ' ')} to ${scope}`);
  }
  await checkShipNodes(client, given.shipNodes, problems);
  return { account: `Walmart seller of key ${given.clientId.slice(0, 8)}`, problems };
}

/** Ship nodes are seen where stock was once set: a node that no item of the first page has may be new, so only a page with items tells something. */
async function checkShipNodes(client: WalmartClient, shipNodes: ShipNodes, problems: string[]): Promise<void> {
  if (shipNodes === null) return;
  try {
    const page = await client({
      operation: 'probe.nodes',
      bucket: 'inventories-list',
      method: 'GET',
      path: '/v3/inventories?limit=50',
      schema: inventoriesPageSchema,
      kind: 'read',
    });
    const there = new Set((page.elements?.inventories ?? []).flatMap(({ nodes }) => nodes.map(({ shipNode }) => shipNode)));
    if (there.size === 0) return;
    for (const [node, shipNode] of Object.entries(shipNodes))
      if (!there.has(shipNode)) problems.push(`node ${node}: no item has stock at ship node ${shipNode}`);
  } catch (error) {
    if (!isNoContent(error)) throw error;
  }
}
