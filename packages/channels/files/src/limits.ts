/** Levels in one stock file: a file of this many lines is some 400 kB, which every portal takes. */
export const maxStockBatch = 10_000;

/** Bytes of one file that is read. A larger one is told as unreadable: it would be held in memory whole. */
export const maxFileBytes = 50_000_000;

/** Orders in one page of a pull. */
export const ordersPerPage = 200;

/** How long a file must lie unchanged before it counts as whole, where no marker and no renaming says so. */
export const defaultSettleMs = 2_000;

/** How often looking for files makes sense, by default. */
export const defaultLeastPollMs = 30_000;

/** After how long an answer of the partner is looked for again. */
export const answerAfterMs = 15 * 60_000;
