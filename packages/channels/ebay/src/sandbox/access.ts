import { epochMs } from '@quartermaster/domain';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { contentDigest, signatureBase, signatureFits } from '../signature.ts';
import { EbayRefusal, type Answer, type Asked } from './answers.ts';
import { nextNumber, type EbayState, type TokenState } from './state.ts';

export type Keyset = { readonly clientId: string; readonly clientSecret: string; readonly refreshToken: string };

/** Access tokens live two hours. */
const tokenSeconds = 7_200;

/** The token endpoint: HTTP Basic with the keyset, a form, and OAuth's own words for what is wrong. */
export function grantToken(state: EbayState, asked: Asked, keyset: Keyset, scopes: readonly string[]): Answer {
  const basic = `Basic ${Buffer.from(`${keyset.clientId}:${keyset.clientSecret}`).toString('base64')}`;
  if (asked.headers.get('authorization') !== basic) return oauthError(401, 'invalid_client', 'client authentication failed');
  const form = new URLSearchParams(asked.text);
  const kind = form.get('grant_type');
  if (kind === 'refresh_token') {
    if (form.get('refresh_token') !== keyset.refreshToken)
      return oauthError(400, 'invalid_grant', 'the provided authorization refresh token is invalid or was issued to another client');
    return issue(state, 'seller', scopes);
  }
  if (kind === 'client_credentials') {
    const scope = form.get('scope') ?? '';
    if (scope !== 'https://api.ebay.com/oauth/api_scope') return oauthError(400, 'invalid_scope', 'The requested scope is invalid');
    return issue(state, 'application', [scope]);
  }
  return oauthError(400, 'unsupported_grant_type', 'grant type in request is not supported by the authorization server');
}

/** Whose token a request carries. Throws eBay's refusal of one that is unknown, too old, or of the wrong scheme. */
export function holderOf(state: EbayState, headers: Headers, scheme: 'Bearer' | 'IAF'): TokenState {
  const [given, token = ''] = (headers.get('authorization') ?? '').split(' ');
  const held = given === scheme ? state.tokens.get(token) : undefined;
  if (held === undefined || epochMs(state.clock.now()) >= held.until)
    throw new EbayRefusal(401, 1_001, 'Invalid access token. Check the value of the Authorization HTTP request header.', 'OAuth');
  return held;
}

export function needScope(holder: TokenState, scope: string): void {
  if (!holder.scopes.has(`https://api.ebay.com/oauth/api_scope${scope === '' ? '' : `/${scope}`}`))
    throw new EbayRefusal(403, 1_100, 'Insufficient permissions to fulfill the request.', 'ACCESS');
}

/** How old a signature may be. eBay does not say; this is the sandbox's own figure. */
const signatureLifeSeconds = 600;

/** Checks a digital signature as eBay does for sellers in the EU and the UK. */
export function needSignature(state: EbayState, asked: Asked): void {
  const header = (name: string) => {
    const value = asked.headers.get(name);
    if (value === null) throw new EbayRefusal(400, 215_001, `Missing header ${name}`, 'ACCESS');
    return value;
  };
  const wrong = new EbayRefusal(400, 215_120, 'Signature validation failed', 'ACCESS');
  const jwe = header('x-ebay-signature-key');
  const input = header('signature-input');
  const signature = header('signature');
  const publicKey = state.signingKeys.get(jwe);
  const parameters = /^[^=]+=(.+)$/.exec(input)?.[1];
  if (publicKey === undefined || parameters === undefined) throw wrong;
  const hasBody = asked.text !== '';
  if (hasBody && header('content-digest') !== contentDigest(asked.text)) throw wrong;
  for (const name of [...(hasBody ? ['content-digest'] : []), 'x-ebay-signature-key', '@method', '@path', '@authority'])
    if (!parameters.includes(`"${name}"`)) throw wrong;
  const created = Number(/;created=(\d+)/.exec(parameters)?.[1]);
  if (!(Math.abs(epochMs(state.clock.now()) / 1_000 - created) <= signatureLifeSeconds)) throw wrong;
  const parts = { method: asked.method, path: asked.path, authority: asked.host, body: hasBody ? asked.text : null };
  const headers = { 'content-digest': asked.headers.get('content-digest') ?? '', 'x-ebay-signature-key': jwe };
  if (!signatureFits(signatureBase(parts, headers, parameters), signature, publicKey)) throw wrong;
}

/** Key Management API: a pair of Ed25519 keys, and a token for the public one that only eBay can read. */
export function createSigningKey(state: EbayState) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const text = (part: string) => createHash('sha256').update(`${part} ${spki}`).digest('base64url');
  const jwe = ['head', 'key', 'iv', 'text', 'tag'].map(text).join('.');
  state.signingKeys.set(jwe, spki);
  return {
    signingKeyId: `key-${nextNumber(state, 'signing-key')}`,
    signingKeyCipher: 'ED25519',
    jwe,
    publicKey: spki,
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    creationTime: Math.floor(epochMs(state.clock.now()) / 1_000),
    expirationTime: Math.floor(epochMs(state.clock.now()) / 1_000) + 3 * 365 * 86_400,
  };
}

function issue(state: EbayState, kind: TokenState['kind'], scopes: readonly string[]): Answer {
  const token = `v^1.1#i^1#${kind}#${String(nextNumber(state, 'token')).padStart(12, '0')}`;
  state.tokens.set(token, { kind, scopes: new Set(scopes), until: epochMs(state.clock.now()) + tokenSeconds * 1_000 });
  const type = kind === 'seller' ? 'User Access Token' : 'Application Access Token';
  return { status: 200, body: { access_token: token, expires_in: tokenSeconds, token_type: type } };
}

function oauthError(status: number, error: string, description: string): Answer {
  return { status, body: { error, error_description: description } };
}
