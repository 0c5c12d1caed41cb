import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { signedWithHmac } from './webhook-signature.ts';

const body = new TextEncoder().encode('{"id":7}');
const sign = (secret: string, encoding: 'base64' | 'hex') => createHmac('sha256', secret).update(body).digest(encoding);

test.each(['base64', 'hex'] as const)('a body signed with the secret is genuine, in %s', (encoding) => {
  expect(signedWithHmac({ rawBody: body, secrets: ['hush'], claimed: sign('hush', encoding), encoding })).toBe(true);
});

test('while a secret is changed the old and the new one sign', () => {
  const claimed = sign('old', 'base64');
  expect(signedWithHmac({ rawBody: body, secrets: ['new', 'old'], claimed, encoding: 'base64' })).toBe(true);
});

test.each(['', 'bm9uc2Vuc2U=', '%%%', sign('other', 'base64')])('the signature %j is not', (claimed) => {
  expect(signedWithHmac({ rawBody: body, secrets: ['hush'], claimed, encoding: 'base64' })).toBe(false);
});

test('nobody signs without a secret', () => {
  expect(signedWithHmac({ rawBody: body, secrets: [], claimed: sign('', 'base64'), encoding: 'base64' })).toBe(false);
});
