import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { redactor } from './redaction.ts';

const secret = fc
  .string({ unit: fc.constantFrom('k', 'Z', '7', '+', '/', '=', '%', ' ', '"', '\\', 'é', '😀'), minLength: 8, maxLength: 40 })
  .filter((text) => text.trim().length >= 8);
const around = fc.string({ unit: fc.constantFrom('x', 'y', '-'), maxLength: 8 });

test('no text keeps a secret, whatever stands around it', () => {
  fc.assert(
    fc.property(secret, around, around, (key, before, after) => {
      expect(redactor([key])(`${before}${key}${after}`)).not.toContain(key);
    }),
  );
});

test('base64 with a secret inside can no longer be decoded to it', () => {
  fc.assert(
    fc.property(secret, around, around, (key, before, after) => {
      const redacted = redactor([key])(Buffer.from(`${before}${key}${after}`).toString('base64'));
      const pieces = redacted.split('•••').map((piece) => Buffer.from(piece, 'base64').toString());
      expect(pieces.some((piece) => piece.includes(key))).toBe(false);
    }),
  );
});

test('redacting twice is redacting once', () => {
  fc.assert(
    fc.property(secret, fc.string(), (key, text) => {
      const redact = redactor([key]);
      expect(redact(redact(text + key))).toBe(redact(text + key));
    }),
  );
});
