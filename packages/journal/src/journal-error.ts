/** Every way in which the journal itself, not what is in it, can stand in the way. */
export const journalErrorCodes = [
  /** The file or its folder cannot be created, read or written. */
  'cannot-open',
  /** The file is something else than a journal. */
  'not-a-journal',
  /** A newer program has written the file. */
  'newer-schema',
  /** A reader met a file that its writer has not migrated yet. */
  'older-schema',
  /** Another process writes this journal. */
  'locked',
  /** The file system does not give the promises that a ledger needs. */
  'not-durable',
  /** What was given as master key is none. */
  'bad-master-key',
  /** The journal's personal data is encrypted under another master key. */
  'wrong-master-key',
  /** A transaction was begun inside another one. */
  'nested-transaction',
  /** The journal was closed before. */
  'closed',
  /** The disk is full; nothing of the transaction was kept. */
  'disk-full',
  /** Another program held the file for longer than the journal waits; nothing of the transaction was kept. */
  'busy',
  /** The file is damaged. */
  'damaged',
] as const;
export type JournalErrorCode = (typeof journalErrorCodes)[number];

/** The journal cannot do its work. The message says in words for people what is wrong and what to do; it holds no secret and no personal data. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
  readonly code: JournalErrorCode;

  constructor(code: JournalErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Somebody else changed the row since it was read: read it again, decide again. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}
