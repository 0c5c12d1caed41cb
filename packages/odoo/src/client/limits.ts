/**
 * How long one call may take, in milliseconds, by what it does; `OdooOptions.timeoutsMs` overrides it, and a call its own. A contended write is retried by the Odoo server itself,
 * up to five times with growing pauses, and by default Odoo ends a request after 120 s (`limit_time_real`): a client that hangs up earlier only turns an answer into an unknown
 * outcome, so a write waits a little longer. `long` is for what takes minutes where the server allows it (confirming 50 orders, loading 100, the schedulers); Node's `fetch` gives up
 * after 300 s by itself.
 */
export const timeoutsMs = { read: 30_000, write: 130_000, long: 290_000 } as const;
export type TimeoutClass = keyof typeof timeoutsMs;

/** Rows that are read or written with one call. Bigger transactions hold locks longer and gain nothing. */
export const rowsPerCall = 200;

/** Ids or keys in one question for records. */
export const idsPerCall = 5_000;

/** Quants of one page: rows of a few numbers. */
export const rowsPerStockPage = 20_000;

/** Rows of one page when a whole table is read. */
export const rowsPerPage = 2_000;
