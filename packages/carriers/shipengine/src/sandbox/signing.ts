import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';

type Pair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

let made: { readonly rsa: Pair; readonly ec: Pair } | undefined;

/** One pair for the whole process: to make it takes longer than a day of a test. */
function pairs() {
  made ??= {
    rsa: generateKeyPairSync('rsa', { modulusLength: 2_048 }),
    ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  };
  return made;
}

const keyId = 'sandbox-key-1';

/** The set at `/jwks`: as at ShipEngine, a key of another kind stands beside the RSA key. */
export function keySet(): { readonly keys: readonly unknown[] } {
  const { rsa, ec } = pairs();
  return {
    keys: [
      { ...ec.publicKey.export({ format: 'jwk' }), kid: 'sandbox-key-ec', use: 'sig', alg: 'ES256' },
      { ...rsa.publicKey.export({ format: 'jwk' }), kid: keyId, use: 'sig', alg: 'RS256' },
    ],
  };
}

/** The headers of a webhook that is sent now. */
export function signedHeaders(body: string, timestamp: string): Readonly<Record<string, string>> {
  const signature = createSign('RSA-SHA256').update(`${timestamp}.${body}`).sign(pairs().rsa.privateKey, 'base64');
  return {
    'content-type': 'application/json',
    'x-shipengine-rsa-sha256-key-id': keyId,
    'x-shipengine-rsa-sha256-signature': signature,
    'x-shipengine-timestamp': timestamp,
  };
}
