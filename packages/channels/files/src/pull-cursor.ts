import { epochMs, instantOf, InvariantError, type ChannelCursor, type Instant } from '@quartermaster/domain';

/**
 * How far reading has come. Files have no watermark: one that comes today may say that it is of last week. So the cursor names the files of the folder that were read; those that lay there
 * before the connection began count as read.
 */
export type FileCursor = {
  readonly since: Instant;
  /** Keys of the files that are older than the connection: they are never read, nor moved. Null until the first pull has looked. */
  readonly older: readonly string[] | null;
  /** Keys of files that were read. Those that are not in the folder any more are forgotten. */
  readonly read: readonly string[];
  /** A file that was read in part: its key, and how many of its orders. */
  readonly partly: { readonly key: string; readonly orders: number } | null;
};

export function cursorAt(at: Instant): FileCursor {
  return { since: instantOf(epochMs(at)), older: null, read: [], partly: null };
}

export function storeCursor({ since, older, read, partly }: FileCursor): ChannelCursor {
  return { since, older, read, partly: partly === null ? null : `${partly.key} ${partly.orders}` };
}

/** From the journal. Throws an `InvariantError` for what is no such cursor. */
export function restoreCursor(stored: ChannelCursor): FileCursor {
  const { since, older, read, partly } = stored;
  if (typeof since !== 'string' || !(older === null || Array.isArray(older)) || !Array.isArray(read))
    throw new InvariantError('not a cursor of files');
  const [key, orders] = typeof partly === 'string' ? partly.split(' ') : [];
  return {
    since: instantOf(epochMs(since)),
    older: older === null ? null : older.map(String),
    read: read.map(String),
    partly: key === undefined ? null : { key, orders: Number(orders) },
  };
}
