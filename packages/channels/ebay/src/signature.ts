import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

/** What eBay's Key Management API gives for signing: its own token for the public key, and the private key, which eBay does not keep. */
export type EbaySigningKey = {
  /** `jwe` of the signing key: sent with each request, so that eBay knows the public key. */
  readonly jwe: string;
  /** `privateKey` of the signing key: PKCS 8, as base64 or as PEM. Ed25519 or RSA. */
  readonly privateKey: string;
};

/** A request as it is signed: what is not in here may be changed on the way unnoticed. */
export type SignedParts = {
  readonly method: string;
  /** Path without query, as `@path` of RFC 9421 is. */
  readonly path: string;
  /** Host, with the port unless it is the scheme's own. */
  readonly authority: string;
  readonly body: string | null;
};

export type SignatureHeaders = Readonly<Record<string, string>>;

/**
 * Headers of a digitally signed request, which eBay demands for refunds and cancellations of sellers in the EU and the UK (developer.ebay.com, guide "Digital Signatures for APIs"): a
 * Content-Digest (RFC 9530) where there is a body, and an HTTP message signature (RFC 9421) over digest, key, method, path and host. `createdSeconds` is Unix time. Throws where the key is
 * none.
 */
export function signatureHeaders(parts: SignedParts, key: EbaySigningKey, createdSeconds: number): SignatureHeaders {
  const digest: Record<string, string> = parts.body === null ? {} : { 'content-digest': contentDigest(parts.body) };
  const signed = { ...digest, 'x-ebay-signature-key': key.jwe };
  const parameters = `(${[...Object.keys(signed), '@method', '@path', '@authority'].map((name) => `"${name}"`).join(' ')});created=${createdSeconds}`;
  const signature = sign(null, Buffer.from(signatureBase(parts, signed, parameters)), privateKeyOf(key.privateKey));
  return { ...signed, 'signature-input': `sig1=${parameters}`, signature: `sig1=:${signature.toString('base64')}:` };
}

/** What a signature is over, line by line (RFC 9421 section 2.5). Components are in the order in which `parameters` names them. */
export function signatureBase(parts: SignedParts, headers: Readonly<Record<string, string>>, parameters: string): string {
  const derived: Readonly<Record<string, string>> = { '@method': parts.method, '@path': parts.path, '@authority': parts.authority };
  const names = [...parameters.slice(0, parameters.indexOf(')')).matchAll(/"([^"]+)"/g)].map(([, name]) => name ?? '');
  const lines = names.map((name) => `"${name}": ${derived[name] ?? headers[name] ?? ''}`);
  return [...lines, `"@signature-params": ${parameters}`].join('\n');
}

/** SHA-256 of a body as the `Content-Digest` header has it. */
export function contentDigest(body: string): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
}

/** Whether `signature` (as in the header) is of this base. The algorithm is the key's own: Ed25519, or RSA with SHA-256. */
export function signatureFits(base: string, signature: string, publicKey: string): boolean {
  const bytes = /^[^=]+=:([^:]+):$/.exec(signature)?.[1];
  if (bytes === undefined) return false;
  return verify(
    null,
    Buffer.from(base),
    createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' }),
    Buffer.from(bytes, 'base64'),
  );
}

function privateKeyOf(text: string): KeyObject {
  if (text.includes('-----BEGIN')) return createPrivateKey(text);
  return createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
}
