import { memoryRateLimiter, systemClock } from '@quartermaster/connector-kit';
import type { Clock } from '@quartermaster/domain';
import { createClient } from './client.ts';
import { ebayBuckets } from './limits.ts';
import type { EbaySigningKey } from './signature.ts';
import type { EbayCredentials } from './tokens.ts';
import { signingKeySchema } from './wire-application.ts';

/**
 * Lets eBay's Key Management API make a signing key for the application (Ed25519), once: it is good for all its sellers for three years. eBay does not keep the private key; whoever calls
 * this stores what comes back, or it is lost. Throws a `ConnectorFault` where eBay cannot be reached or refuses; after an outcome that is not known there is a key more that nobody uses.
 */
export async function createEbaySigningKey(
  given: EbayCredentials & { readonly clock?: Clock; readonly fetch?: typeof fetch },
): Promise<EbaySigningKey & { readonly id: string }> {
  const clock = given.clock ?? systemClock;
  const client = createClient({
    credentials: given,
    origin: 'https://api.ebay.com',
    keysOrigin: 'https://apiz.ebay.com',
    marketplace: 'EBAY_US',
    signingKey: null,
    secrets: [],
    clock,
    random: Math.random,
    limiter: memoryRateLimiter(ebayBuckets(given.clientId), clock),
    ...(given.fetch === undefined ? {} : { fetch: given.fetch }),
  });
  const reply = await client.call({
    operation: 'signing-key.make',
    api: 'key-management',
    method: 'POST',
    path: '/developer/key_management/v1/signing_key',
    body: { signingKeyCipher: 'ED25519' },
    schema: signingKeySchema,
    kind: 'effect',
    as: 'application',
  });
  const { signingKeyId: id, jwe, privateKey } = reply.data;
  return { id, jwe, privateKey };
}
