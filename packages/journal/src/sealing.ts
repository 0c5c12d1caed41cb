import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { InvariantError } from '@quartermaster/domain';
import { JournalError } from './journal-error.ts';

/** The key that wraps the subjects' keys. `id` tells which master key it was made of, without telling anything about it. */
export type WrappingKey = { readonly id: string; readonly key: KeyObject };

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
export const keyBytes = 32;

export function wrappingKeyOf(masterKey: Uint8Array): WrappingKey {
  if (masterKey.length !== keyBytes) {
    throw new JournalError('bad-master-key', `The master key has ${masterKey.length} bytes; it must be 32 random bytes.`);
  }
  const derive = (purpose: string, size: number) =>
    Buffer.from(hkdfSync('sha256', masterKey, '', `quartermaster journal: ${purpose}`, size));
  return { id: derive('id of the master key', 16).toString('hex'), key: createSecretKey(derive('wrapping of subject keys', keyBytes)) };
}

/**
 * Encrypts and authenticates: AES-256-GCM, as nonce (12 bytes), ciphertext, tag (16 bytes). `context` says what is sealed and for whom; it is not stored, and what was sealed
 * in one context does not open in another.
 */
export function seal(key: KeyObject, plain: Uint8Array, context: readonly string[], randomBytes: (size: number) => Uint8Array): Uint8Array {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(JSON.stringify(context)));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Throws an `InvariantError` when the sealed bytes were changed, moved here from elsewhere, or belong to another key. */
export function unseal(key: KeyObject, sealed: Uint8Array, context: readonly string[]): Buffer {
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(JSON.stringify(context)));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes)), decipher.final()]);
  } catch (error) {
    throw new InvariantError(`sealed ${context[0] ?? 'data'} does not open: it was changed or moved`, { cause: error });
  }
}
