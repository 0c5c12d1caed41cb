import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own in memory, so small that it fills up. */
export type SmallDisk = { readonly path: string; grow(megabytes: number): void; remove(): void };

/** Null where this user may not mount anything. */
export function smallDisk(megabytes: number): SmallDisk | null {
  if (process.platform !== 'linux') return null;
  const path = mkdtempSync(join(tmpdir(), 'quartermaster-disk-'));
  const mount = (...args: string[]) => execFileSync('mount', [...args, path], { stdio: 'pipe' });
  try {
    mount('-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs');
  } catch {
    rmdirSync(path);
    return null;
  }
  return {
    path,
    grow: (size) => void mount('-o', `remount,size=${size}m`),
    remove() {
      execFileSync('umount', [path]);
      rmdirSync(path);
    },
  };
}
