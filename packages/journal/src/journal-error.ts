/** Every way in which the journal itself, not what is in it, can stand in the way. */
export const journalErrorCodes = [
  /** The file or its folder, or the database or its schema, cannot be created, read or written. */
  'cannot-open',
  /** The file or schema is something else than a journal. */
  'not-a-journal',
  /** A newer program has written the journal. */
  'newer-schema',
  /** A reader met a journal that its writer has not migrated yet. */
  'older-schema',
  /** Another process writes this journal. */
  'locked',
  /** The file system or the server's settings do not give the promises that a ledger needs. */
  'not-durable',
  /** What was given as master key is none. */
  'bad-master-key',
  /** The journal's personal data is encrypted under another master key. */
  'wrong-master-key',
  /** A journal that is to be copied is still being worked on. */
  'not-drained',
  /** The journal to copy to holds something already. */
  'not-empty',
  /** A transaction was begun inside another one. */
  'nested-transaction',
  /** The journal was closed before. */
  'closed',
  /** The disk is full; nothing of the transaction was kept. */
  'disk-full',
  /** The database server does not answer. */
  'unreachable',
  /** The database server does not let us in, or not do what a journal must. */
  'access-denied',
  /** The database server is older than what the journal was made for. */
  'old-server',
  /** The database is a standby, or set to read only. */
  'read-only',
  /** The store or the connection to it was lost in the middle: only reading tells whether the last transaction was kept. */
  'interrupted',
  /** Another program held the store for longer than the journal waits, or all its connections are taken; nothing of the transaction was kept. */
  'busy',
  /** The store is damaged. */
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
