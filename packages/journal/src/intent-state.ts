/**
 * The life of an intent. `planned` is decided; `ready` may go; a worker has it as `leased`; with `sent` its request may have left; it ends as `done`, or `failed` (refused,
 * will not succeed as it is). `unknown` left without an answer and is looked up; `dead` needs a person; `cancelled` is given up before it went.
 */
export const intentStates = ['planned', 'ready', 'leased', 'sent', 'done', 'failed', 'unknown', 'dead', 'cancelled'] as const;
export type IntentState = (typeof intentStates)[number];
