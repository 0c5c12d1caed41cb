/**
 * How long one call may take, in milliseconds. A contended write is retried by the Odoo server itself, up to five times with growing pauses, so a client that hangs up earlier
 * only turns a success into an unknown outcome.
 */
export const timeoutsMs = { read: 30_000, write: 120_000 } as const;
export type TimeoutClass = keyof typeof timeoutsMs;

/** Rows that are read or written with one call. Bigger transactions hold locks longer and gain nothing. */
export const rowsPerCall = 200;

/** Rows of one page when a whole table is read. */
export const rowsPerPage = 2_000;
