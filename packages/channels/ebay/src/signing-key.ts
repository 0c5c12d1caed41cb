import type { EbayClient } from './client.ts';
import type { EbaySigningKey } from './signature.ts';
import { signingKeySchema } from './wire.ts';

/**
 * Lets eBay make a signing key for the application (Ed25519). eBay does not keep the private key: whoever calls this stores what comes back, or it is lost. A client of
 * `https://apiz.ebay.com` is wanted.
 */
export async function requestSigningKey(client: EbayClient): Promise<EbaySigningKey & { readonly id: string }> {
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
