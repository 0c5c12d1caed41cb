import { compareText, type Clock } from '@quartermaster/domain';
import { createHmac } from 'node:crypto';

export type Keys = { readonly consumerKey: string; readonly consumerSecret: string };

/** How requests show who we are: `basic` and `query` for https only; `oauth` for plain http, where the shop refuses the others. */
export type KeyTransport = 'basic' | 'query' | 'oauth';

/**
 * A `fetch` that signs each attempt anew: the shop takes no nonce twice and no time that is off by more than fifteen minutes. No call of ours sees the keys, so none can stand in a fault.
 */
export function authorizingFetch(given: {
  readonly keys: Keys;
  readonly transport: KeyTransport;
  readonly clock: Clock;
  /** A text that was never given before. */
  readonly nonce: () => string;
  readonly fetch: typeof fetch;
}): typeof fetch {
  const { keys, transport } = given;
  return (input, init) => {
    const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
    const headers = new Headers(init?.headers);
    if (transport === 'basic') {
      headers.set('authorization', `Basic ${Buffer.from(`${keys.consumerKey}:${keys.consumerSecret}`).toString('base64')}`);
      return given.fetch(url, { ...init, headers });
    }
    if (transport === 'query') {
      const both = { consumer_key: keys.consumerKey, consumer_secret: keys.consumerSecret };
      return given.fetch(withQuery(url, Object.entries(both)), { ...init, headers });
    }
    const timestamp = String(Math.floor(Date.parse(given.clock.now()) / 1_000));
    const signed = oauthSigned({ url, method: init?.method ?? 'GET', keys, timestamp, nonce: given.nonce() });
    return given.fetch(signed, { ...init, headers });
  };
}

/** The address with OAuth 1.0a parameters, one-legged (no token), HMAC-SHA256, in the query: some hosts strip the header. */
export function oauthSigned(given: {
  readonly url: string;
  readonly method: string;
  readonly keys: Keys;
  readonly timestamp: string;
  readonly nonce: string;
}): string {
  const oauth: [string, string][] = [
    ['oauth_consumer_key', given.keys.consumerKey],
    ['oauth_nonce', given.nonce],
    ['oauth_signature_method', 'HMAC-SHA256'],
    ['oauth_timestamp', given.timestamp],
  ];
  const unsigned = withQuery(given.url, oauth);
  const signature = oauthSignature({ url: unsigned, method: given.method, consumerSecret: given.keys.consumerSecret });
  return withQuery(unsigned, [['oauth_signature', signature]]);
}

/** The signature of a request whose address has all other parameters, base64 (RFC 5849, section 3.4; the secret has no token part). */
export function oauthSignature(given: { readonly url: string; readonly method: string; readonly consumerSecret: string }): string {
  const { origin, pathname, searchParams } = new URL(given.url);
  const parameters = [...searchParams]
    .filter(([name]) => name !== 'oauth_signature')
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? compareText(x, y) : compareText(a, b)))
    .map((pair) => pair.join('='))
    .join('&');
  const base = [given.method.toUpperCase(), encoded(origin + pathname), encoded(parameters)].join('&');
  return createHmac('sha256', `${given.consumerSecret}&`).update(base).digest('base64');
}

/** RFC 3986 percent-encoding, as OAuth and PHP's `rawurlencode` have it. */
export function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function withQuery(url: string, parameters: readonly (readonly [string, string])[]): string {
  if (parameters.length === 0) return url;
  const text = parameters.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
  return `${url}${url.includes('?') ? '&' : '?'}${text}`;
}
