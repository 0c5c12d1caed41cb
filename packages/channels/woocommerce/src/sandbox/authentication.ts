import { oauthSignature } from '../authorization.ts';
import { RestError } from './answers.ts';

export type SandboxKey = {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly permissions: 'read' | 'write' | 'read_write';
};

const oauthNames = ['oauth_consumer_key', 'oauth_timestamp', 'oauth_nonce', 'oauth_signature', 'oauth_signature_method'];

/** How far a request's time may be off. */
const windowSeconds = 15 * 60;

/**
 * WooCommerce's look at who asks: over https by basic authentication or keys in the query, otherwise by OAuth 1.0a. A key over plain http in any other way is no key, and so is a wrong one
 * over https: then nothing can be seen. Throws what WooCommerce answers.
 */
export function authentication(given: {
  readonly key: SandboxKey;
  readonly stripsAuthorization: boolean;
  readonly nowSeconds: () => number;
}) {
  const { key } = given;
  const nonces = new Map<string, number>();

  return function authenticate(request: Request): void {
    const url = new URL(request.url);
    const who = (url.protocol === 'https:' && isKnownSecurely(request, url)) || isSigned(request, url);
    if (!who) throw new RestError(401, 'woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.');
    const needed = request.method === 'GET' ? 'read' : 'write';
    if (!key.permissions.includes(needed)) throw denied(`The API key provided does not have ${needed} permissions.`);
  };

  function isKnownSecurely(request: Request, url: URL): boolean {
    const header = given.stripsAuthorization ? null : request.headers.get('authorization');
    const basic = Buffer.from(header?.replace(/^Basic /, '') ?? '', 'base64').toString();
    const query = `${url.searchParams.get('consumer_key')}:${url.searchParams.get('consumer_secret')}`;
    return [basic, query].includes(`${key.consumerKey}:${key.consumerSecret}`);
  }

  function isSigned(request: Request, url: URL): boolean {
    const has = oauthNames.filter((name) => url.searchParams.has(name));
    if (has.length === 0) return false;
    if (has.length < oauthNames.length)
      throw new RestError(401, 'woocommerce_rest_authentication_missing_parameter', 'Missing OAuth parameter');
    const [consumer, timestamp, nonce, signature, method] = oauthNames.map((name) => url.searchParams.get(name) ?? '');
    if (consumer !== key.consumerKey) throw denied('Consumer key is invalid.');
    if (method !== 'HMAC-SHA256' && method !== 'HMAC-SHA1') throw denied('Invalid signature - signature method is invalid.');
    if (signature !== oauthSignature({ url: url.href, method: request.method, consumerSecret: key.consumerSecret }))
      throw denied('Invalid signature - provided signature does not match.');
    const now = given.nowSeconds();
    if (!(Math.abs(Number(timestamp) - now) <= windowSeconds)) throw denied('Invalid timestamp.');
    if (nonces.has(nonce ?? '')) throw denied('Invalid nonce - nonce has already been used.');
    nonces.set(nonce ?? '', now);
    for (const [used, at] of nonces) if (at < now - windowSeconds) nonces.delete(used);
    return true;
  }
}

function denied(message: string): RestError {
  return new RestError(401, 'woocommerce_rest_authentication_error', message);
}
