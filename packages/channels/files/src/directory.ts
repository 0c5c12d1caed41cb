import type { Instant } from '@quartermaster/domain';

/** A file as a listing shows it: its name without the folder, its size in bytes, and when it was changed by the directory's own clock. */
export type DirectoryEntry = { readonly name: string; readonly size: number; readonly modifiedAt: Instant };

/**
 * A place for files that both sides can see: a folder, an SFTP server, a bucket. Paths are relative, with `/`. Every method may be repeated at will, and throws a {@link DirectoryError} when
 * the place cannot be reached or refuses.
 */
export type Directory = {
  /** Files (no folders) right in a folder; none where the folder is not there. */
  list(folder: string): Promise<readonly DirectoryEntry[]>;
  /** Null of a file that is not there. */
  read(path: string): Promise<Uint8Array | null>;
  /** Writes the file so that nobody ever sees a part of it: under a name of its own, then renamed. Replaces one that is there; makes the folder. */
  writeAtomically(path: string, bytes: Uint8Array): Promise<void>;
  /** Renames a file; makes the folder. Nothing happens when `from` is not there (any more). */
  move(from: string, to: string): Promise<void>;
};

/**
 * `unreachable`: nobody answered, or the connection broke. `unauthorized`: the sign-in was refused. `forbidden`: signed in, and may not. `busy`: come again later. `garbled`: an answer
 * that makes no sense. `failed`: anything else that went wrong over there.
 */
export const directoryErrorKinds = ['unreachable', 'unauthorized', 'forbidden', 'busy', 'garbled', 'failed'] as const;
export type DirectoryErrorKind = (typeof directoryErrorKinds)[number];

/** Why a directory did not do what it was asked. `applied` says whether a write or a move may have been carried out. */
export class DirectoryError extends Error {
  override readonly name = 'DirectoryError';
  readonly kind: DirectoryErrorKind;
  readonly applied: 'no' | 'unknown';

  constructor(kind: DirectoryErrorKind, message: string, given: { readonly applied?: 'no' | 'unknown'; readonly cause?: unknown } = {}) {
    super(message, given.cause === undefined ? undefined : { cause: given.cause });
    this.kind = kind;
    this.applied = given.applied ?? 'unknown';
  }
}
