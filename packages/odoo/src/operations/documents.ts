import { xid } from '../session/external-id.ts';

/** Kinds of documents that an operation makes under a key of its caller. */
export type DocumentKind =
  | 'credit-note'
  | 'payment'
  | 'purchase'
  | 'vendor-bill'
  | 'landed-cost'
  | 'transfer'
  | 'return'
  | 'batch'
  | 'wave'
  | 'package'
  | 'scrap'
  | 'node-move';

/** External id of a document that an operation makes once per key; a `part` of it, such as a line, has one of its own. Five parts, where those of orders have three or four. */
export function documentXid(kind: DocumentKind, key: string, part = ''): string {
  return xid('made', 'by', kind, key, part);
}
