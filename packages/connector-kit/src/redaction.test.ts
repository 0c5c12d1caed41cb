import { expect, test } from 'vitest';
import { redactor } from './redaction.ts';

const secret = 'p@ss/wörd "1"';

test.each([
  ['as it is', secret],
  ['percent-encoded', encodeURIComponent(secret)],
  ['percent-encoded in small letters', encodeURIComponent(secret).replaceAll(/%../g, (code) => code.toLowerCase())],
  ['in a form', new URLSearchParams({ key: secret }).toString()],
  ['in JSON', JSON.stringify({ key: secret })],
  ['in base64', Buffer.from(secret).toString('base64')],
  ['in Basic authentication after one letter', Buffer.from(`a:${secret}`).toString('base64')],
  ['in Basic authentication after two letters', Buffer.from(`ab:${secret}`).toString('base64')],
  ['in Basic authentication after three letters', Buffer.from(`abc:${secret}:x`).toString('base64')],
  ['in the URL form of base64', Buffer.from(`ab:${secret}`).toString('base64url')],
])('a secret is blanked out %s', (_where, text) => {
  expect(redactor([secret])(text)).toContain('•••');
});

test('a key that was read from a file is blanked out without its line break too', () => {
  expect(redactor(['key-1234\n'])('bad key key-1234.')).toBe('bad key •••.');
});

test('of two secrets the longer goes first, so nothing of it stays', () => {
  expect(redactor(['abcd', 'abcdefgh'])('abcdefgh')).toBe('•••');
});

test('text without secrets stays as it is', () => {
  expect(redactor(['abcd'])('all is well')).toBe('all is well');
});

test('a secret too short to be one is left alone', () => {
  expect(redactor(['a', ''])('a banana')).toBe('a banana');
});
