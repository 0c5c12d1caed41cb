import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder that only its owner may enter, and those above it that are missing. One by one: Node's own recursive making never returns where the file system answers "no such
 * file" for a folder that cannot be made, as `/proc` does. Throws what the file system throws.
 */
export function makePrivateFolder(path: string): void {
  const missing: string[] = [];
  for (let at = path; !existsSync(at); at = dirname(at)) missing.unshift(at);
  for (const folder of missing) mkdirSync(folder, { mode: 0o700 });
}
