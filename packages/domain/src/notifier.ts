import type { ConnectionId } from './identity.ts';
import type { ConnectorOperation } from './safety.ts';

/** Something that people are to hear: one short plain text, without personal data. */
export type Notice = { readonly text: string };

/**
 * Tells people something where they look: a chat, a mailbox, a to-do. The key of the memo is that of the happening; `safety` says whether a notice whose outcome is not known may go again. Throws a
 * `ConnectorFault` as every {@link ConnectorOperation}.
 */
export type Notifier = ConnectorOperation<Notice, { readonly ref: string | null }> & { readonly connection: ConnectionId };
