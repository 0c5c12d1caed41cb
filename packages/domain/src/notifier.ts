import type { ErpOrderKey } from './erp.ts';
import type { ConnectionId } from './identity.ts';
import type { ConnectorOperation, EffectMemo } from './safety.ts';

/** Something that people are to hear: one short plain text with a title of a few words, without personal data. */
export type Notice = {
  readonly title: string;
  readonly text: string;
  /** The order that it is about; null for what is about no order that the ERP has. */
  readonly about: ErpOrderKey | null;
};

/**
 * Tells people something where they look: a chat, a mailbox, a to-do. The key of the memo is that of the happening; `safety` says whether a notice whose outcome is not known may go again. Throws a
 * `ConnectorFault` as every {@link ConnectorOperation}.
 */
export type Notifier = ConnectorOperation<Notice, { readonly ref: string | null }> & {
  readonly connection: ConnectionId;
  /** How it tells at an order of the ERP; null for one that tells of anything, and of which nothing stays to be taken away. */
  readonly atOrders: {
    /** Takes away the notice of this key, because what it told of is over; naturally. */
    readonly end: (notice: { readonly about: ErpOrderKey; readonly key: string }, memo: EffectMemo) => Promise<void>;
  } | null;
};
