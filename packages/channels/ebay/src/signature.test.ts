import { createPrivateKey, createPublicKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { signatureBase, signatureFits, signatureHeaders } from './signature.ts';

// The key is `test-key-ed25519` of RFC 9421 (appendix B.1.4); key token, request and expected signature are the published test vector of eBay's own signing SDK (eBay/digital-signature-nodejs-sdk).
const privateKey = 'MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF';
const publicKey = 'MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=';
const jwe =
  'eyJhbGciOiJBMjU2R0NNS1ciLCJlbmMiOiJBMjU2R0NNIiwiemlwIjoiREVGIiwiaXYiOiJvSzFwdXJNVHQtci14VUwzIiwidGFnIjoiTjB4WjI4ZklZckFmYkd5UWFrTnpjZyJ9.AYdKU7ObIc7Z764OrlKpwUViK8Rphxl0xMP9v2_o9mI.1DbZiSQNRK6pLeIw.Yzp3IDV8RM_h_lMAnwGpMA4DXbaDdmqAh-65kO9xyDgzHD6s0kY3p-yO6oPR9kEcAbjGXIULeQKWVYzbfHKwXTY09Npj_mNuO5yxgZtWnL55uIgP2HL1So2dKkZRK0eyPa6DEXJT71lPtwZtpIGyq9R5h6s3kGMbqA.m4t_MX4VnlXJGx1X_zZ-KQ';
const request = { method: 'POST', path: '/test', authority: 'localhost:8080', body: '{"hello": "world"}' };

test('a signature is the one that eBay’s own SDK makes', () => {
  expect(signatureHeaders(request, { jwe, privateKey }, 1_663_459_378)).toEqual({
    'content-digest': 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:',
    'x-ebay-signature-key': jwe,
    'signature-input': 'sig1=("content-digest" "x-ebay-signature-key" "@method" "@path" "@authority");created=1663459378',
    signature: 'sig1=:gkk7dqudw21DFHDVBoRUWe/F6/2hTEmWRFDBxiN6COD4PjozXziiDFML1nFHu+0UcMXC/niltxzABjnugu4DCA==:',
  });
});

test('a request without a body is signed without a digest', () => {
  expect(signatureHeaders({ ...request, body: null }, { jwe, privateKey }, 1)['signature-input']).toBe(
    'sig1=("x-ebay-signature-key" "@method" "@path" "@authority");created=1',
  );
});

test.each([['method'], ['path'], ['authority']] as const)('a request of which the %s was changed does not fit its signature', (part) => {
  const headers = signatureHeaders(request, { jwe, privateKey }, 1);
  const base = signatureBase({ ...request, [part]: 'other' }, headers, headers['signature-input']?.slice(5) ?? '');
  expect(signatureFits(base, headers['signature'] ?? '', publicKey)).toBe(false);
});

test('a key may come as PEM', () => {
  const pem = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' })
    .export({ format: 'pem', type: 'pkcs8' })
    .toString();
  const headers = signatureHeaders(request, { jwe, privateKey: pem }, 1);
  const base = signatureBase(request, headers, headers['signature-input']?.slice(5) ?? '');
  const spki = createPublicKey(pem).export({ format: 'der', type: 'spki' }).toString('base64');
  expect(signatureFits(base, headers['signature'] ?? '', spki)).toBe(true);
});
