import type { Clock } from '@quartermaster/domain';
import type { Directory, DirectoryEntry } from '../directory.ts';

/** A directory in memory. Beside the port there is what a test and the other side do with it. */
export type MemoryDirectory = Directory & {
  /** Paths of all files, sorted. */
  paths(): string[];
  text(path: string): string | null;
  /** Writes in place, as somebody does who uploads slowly. */
  put(path: string, content: string | Uint8Array, modifiedAt?: string): void;
  remove(path: string): void;
};

/** `onWrite` is told of each file that was written atomically, after it is there. */
export function memoryDirectory(clock: Clock, onWrite: (path: string) => void = () => undefined): MemoryDirectory {
  const files = new Map<string, { readonly bytes: Uint8Array; readonly modifiedAt: string }>();
  const put = (path: string, content: string | Uint8Array, modifiedAt = clock.now()) =>
    void files.set(path, { bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content.slice(), modifiedAt });

  return {
    async list(folder) {
      const found: DirectoryEntry[] = [];
      for (const [path, { bytes, modifiedAt }] of files) {
        const name = path.slice(folder.length + 1);
        if (path.startsWith(`${folder}/`) && !name.includes('/')) found.push({ name, size: bytes.length, modifiedAt });
      }
      return found;
    },
    async read(path) {
      return files.get(path)?.bytes.slice() ?? null;
    },
    async writeAtomically(path, bytes) {
      put(path, bytes);
      onWrite(path);
    },
    async move(from, to) {
      const file = files.get(from);
      if (file === undefined) return;
      files.delete(from);
      files.set(to, file);
    },
    paths: () => [...files.keys()].toSorted(),
    text: (path) => {
      const file = files.get(path);
      return file === undefined ? null : new TextDecoder().decode(file.bytes);
    },
    put,
    remove: (path) => void files.delete(path),
  };
}
