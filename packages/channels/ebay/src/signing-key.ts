import { surroundingsOf, type SurroundingOptions } from '@quartermaster/connector-kit';
import { createClient } from './client.ts';
import { ebayBuckets } from './limits.ts';
import type { EbaySigningKey } from './signature.ts';
import type { EbayCredentials } from './tokens.ts';
import { signingKeySchema } from './wire-application.ts';

/**
 * Lets eBay's Key Management API make a signing key for the application (Ed25519), once: it is good for all its sellers for three years. eBay does not keep the private key; whoever calls
 * this stores what comes back, or it is lost. Throws a `ConnectorFault` where eBay cannot be reached or refuses; after an outcome that is not known there is a key more that nobody uses.
 */
export async function createEbaySigningKey(given: EbayCredentials & SurroundingOptions): Promise<EbaySigningKey & { readonly id: string }> {
  const client = createClient({
    ...surroundingsOf(given, ebayBuckets(given.clientId)),
    credentials: given,
    origin: 'https://api.ebay.com',
    keysOrigin: 'https://apiz.ebay.com',
    marketplace: 'EBAY_US',
    signingKey: null,
    secrets: [],
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
