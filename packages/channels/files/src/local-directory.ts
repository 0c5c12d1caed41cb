import { instantOf } from '@quartermaster/domain';
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DirectoryError, type Directory, type DirectoryEntry, type DirectoryErrorKind } from './directory.ts';

/**
 * A folder of this machine (or one that is mounted into it) as a directory. What is written is on the disk before it has its name: file and folder are synced. `root` itself must be there:
 * a mount that is missing is told, and not filled beside.
 */
export function localDirectory(root: string): Directory {
  return {
    list: (folder) =>
      told(async () => {
        await stat(root);
        const names = await orNull(readdir(join(root, folder), { withFileTypes: true }));
        const entries: DirectoryEntry[] = [];
        for (const entry of names ?? []) {
          if (!entry.isFile()) continue;
          const found = await orNull(stat(join(root, folder, entry.name)));
          if (found !== null) entries.push({ name: entry.name, size: found.size, modifiedAt: instantOf(Math.floor(found.mtimeMs)) });
        }
        return entries;
      }),
    read: (path) => told(() => orNull(readFile(join(root, path)))),
    writeAtomically: (path, bytes) =>
      told(async () => {
        await stat(root);
        const target = join(root, path);
        await mkdir(dirname(target), { recursive: true });
        const unfinished = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
        try {
          const file = await open(unfinished, 'wx');
          try {
            await file.writeFile(bytes);
            await file.sync();
          } finally {
            await file.close();
          }
          await rename(unfinished, target);
        } catch (error) {
          await rm(unfinished, { force: true });
          throw error;
        }
        await syncFolder(dirname(target));
      }),
    move: (from, to) =>
      told(async () => {
        await mkdir(dirname(join(root, to)), { recursive: true });
        await orNull(rename(join(root, from), join(root, to)));
      }),
  };
}

/** After a power cut the name must be there, too. Windows cannot sync a folder. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function orNull<Result>(work: Promise<Result>): Promise<Result | null> {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

async function told<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    throw new DirectoryError(kinds[code] ?? 'failed', `the folder answered ${code === '' ? 'with an error' : code}`, { cause: error });
  }
}

const kinds: Readonly<Record<string, DirectoryErrorKind>> = {
  EACCES: 'forbidden',
  EPERM: 'forbidden',
  EROFS: 'forbidden',
  ENOENT: 'unreachable',
  ENOTCONN: 'unreachable',
  EHOSTDOWN: 'unreachable',
  EBUSY: 'busy',
  EMFILE: 'busy',
};

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
