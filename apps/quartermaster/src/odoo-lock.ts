import { LockError, parseLock, type Schema } from '@quartermaster/odoo';
import { readFileSync } from 'node:fs';
import { CommandError, exitCodes, systemCode } from './exit.ts';

/** Reads a lock of `qm typegen`. Throws a `CommandError` that names the file and the place in it. */
export function readLock(path: string): Schema {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new CommandError(exitCodes.usage, `${path}: the lock cannot be read (${systemCode(error)}). 'qm typegen' writes one.`);
  }
  try {
    return parseLock(text);
  } catch (error) {
    if (!(error instanceof LockError)) throw error;
    throw new CommandError(exitCodes.usage, `${path}: the lock is not right: ${error.message}`);
  }
}
