import type { ChannelProbe, NodeId } from '@quartermaster/domain';
import type { ShopifyClient } from './client.ts';
import { probeDocument } from './documents.ts';
import { toGid } from './identifiers.ts';
import { oldestApiVersion, requiredScopes } from './limits.ts';
import { probeSchema } from './wire.ts';

export type ProbeOptions = {
  readonly domain: string;
  readonly apiVersion: string;
  readonly locations: Readonly<Record<NodeId, string>>;
};

/** Asks who we are in the shop, and names in words what stands in the way: another version, missing scopes, locations that are not there. */
export async function probeShop(client: ShopifyClient, options: ProbeOptions): Promise<ChannelProbe> {
  const nodes = Object.entries(options.locations);
  const reply = await client({
    operation: 'probe',
    document: probeDocument,
    variables: { locations: nodes.map(([, id]) => toGid('Location', id)) },
    schema: probeSchema,
    kind: 'read',
  });
  const { shop, currentAppInstallation, nodes: found } = reply.data;
  const problems: string[] = [];
  if (shop.myshopifyDomain.toLowerCase() !== options.domain)
    problems.push(`the token belongs to ${shop.myshopifyDomain}, not to ${options.domain}`);
  const served = reply.servedVersion;
  if (served !== null && served !== options.apiVersion) {
    const age = served < oldestApiVersion ? `, which is older than ${oldestApiVersion}` : '';
    problems.push(`asked for API version ${options.apiVersion}, answered by ${served}${age}`);
  }
  const granted = new Set(currentAppInstallation.accessScopes.map((scope) => scope.handle));
  const missing = requiredScopes.filter((scope) => !isGranted(granted, scope));
  if (missing.length > 0) problems.push(`missing scopes: ${missing.join(', ')}`);
  for (const [index, [node, id]] of nodes.entries()) {
    const location = found[index];
    if (location?.id === undefined) problems.push(`node ${node}: the shop has no location ${id}`);
    else if (location.isActive === false) problems.push(`node ${node}: location ${location.name ?? id} is not active`);
  }
  return { account: served === null ? shop.name : `${shop.name} (API ${served})`, problems };
}

/** A write scope contains its read scope. */
function isGranted(granted: ReadonlySet<string>, scope: string): boolean {
  return granted.has(scope) || (scope.startsWith('read_') && granted.has(scope.replace('read_', 'write_')));
}
