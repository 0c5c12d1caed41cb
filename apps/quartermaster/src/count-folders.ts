import { instantOf } from '@quartermaster/domain';
import type { ReadCountFile } from '@quartermaster/flows';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from './config.ts';

/** Largest file that is read: some 200,000 rows. */
const maxBytes = 16 * 1_024 * 1_024;

/** Reads the newest `.csv` of the folder that the config names for a node. Throws the system's error where it cannot be read, and a `RangeError` for a file that is too large. */
export function countFolders({ counts }: Pick<Config, 'counts'>): ReadCountFile {
  return async (node) => {
    const directory = counts.find((each) => each.node === node)?.directory;
    if (directory === undefined) return null;
    const names = (await readdir(directory)).filter((name) => /\.csv$/i.test(name) && !name.startsWith('.'));
    const files = await Promise.all(names.map(async (name) => ({ name, ...(await factsOf(join(directory, name))) })));
    const newest = files.sort((one, other) => one.modifiedMs - other.modifiedMs || (one.name < other.name ? -1 : 1)).at(-1);
    if (newest === undefined) return null;
    if (newest.size > maxBytes) throw new RangeError(`${newest.name} has more than ${maxBytes} bytes`);
    return { name: newest.name, text: await readFile(join(directory, newest.name), 'utf8'), modifiedAt: instantOf(newest.modifiedMs) };
  };
}

async function factsOf(path: string): Promise<{ modifiedMs: number; size: number }> {
  const { mtimeMs, size } = await stat(path);
  return { modifiedMs: Math.floor(mtimeMs), size };
}
