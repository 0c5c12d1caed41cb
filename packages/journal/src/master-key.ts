import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { JournalError } from './journal-error.ts';
import { makePrivateFolder } from './private-folder.ts';
import { keyBytes } from './sealing.ts';

const systemErrorSchema = z.object({ code: z.string() });

/**
 * The master key in the file at `path`: 32 bytes as base64. A missing file is made (mode 0600, its folder 0700) and is on the disk before anything can be sealed with it. Keep a
 * copy apart from the journal's backups: without it personal data is lost, and with both a deleted person could be restored. Throws `bad-master-key` or `cannot-open`.
 */
export function loadOrCreateMasterKey(path: string): Uint8Array {
  const existing = read(path);
  if (existing !== null) return parseMasterKey(existing, path);
  create(path);
  return parseMasterKey(read(path) ?? '', path);
}

/** The 32 bytes of base64 text, such as an environment variable holds. `source` names it for the message of a `bad-master-key`. */
export function parseMasterKey(text: string, source: string): Uint8Array {
  const trimmed = text.trim();
  const bytes = Buffer.from(trimmed, 'base64');
  if (bytes.length !== keyBytes || bytes.toString('base64') !== trimmed) {
    throw new JournalError(
      'bad-master-key',
      `${source} does not hold a master key (32 bytes as base64); restore it from where you keep its copy.`,
    );
  }
  return Uint8Array.from(bytes);
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw new JournalError(
      'cannot-open',
      `The master key file ${path} cannot be read; make it readable for this user, and for nobody else.`,
      { cause: error },
    );
  }
}

/** Written whole beside its place and then linked there: a crash leaves no half key, and of two processes that start at once one wins and both use its key. */
function create(path: string): void {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    makePrivateFolder(dirname(resolve(path)));
    const file = openSync(draft, 'wx', 0o600);
    try {
      writeSync(file, `${randomBytes(keyBytes).toString('base64')}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    try {
      linkSync(draft, path);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    } finally {
      unlinkSync(draft);
    }
    syncFolder(dirname(path));
  } catch (error) {
    throw new JournalError('cannot-open', `The master key file ${path} cannot be made; choose a folder that this user may write.`, {
      cause: error,
    });
  }
}

/** Makes the new name itself durable; Windows has no such thing and does it by itself. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function codeOf(error: unknown): string | null {
  const parsed = systemErrorSchema.safeParse(error);
  return parsed.success ? parsed.data.code : null;
}
