import { fingerprint } from '@quartermaster/connector-kit';
import type { DirectoryEntry } from './directory.ts';

/** Folders of the directory: the partner writes `orders` and `items`; we write the others. */
export type FileLayout = {
  readonly orders: string;
  /** Where order files go that were read, with `whenRead: 'move'`. */
  readonly done: string;
  /** What the partner sells of ours. */
  readonly items: string;
  readonly stock: string;
  readonly shipments: string;
  readonly cancellations: string;
  readonly acknowledgements: string;
  /** Our own record of what was sent: the partner takes files away. Leave it where it is, or events happen twice. */
  readonly sent: string;
};

export const defaultLayout: FileLayout = {
  orders: 'orders',
  done: 'orders/done',
  items: 'items',
  stock: 'stock',
  shipments: 'shipments',
  cancellations: 'cancellations',
  acknowledgements: 'acknowledgements',
  sent: 'sent',
};

/** Names under which somebody is still writing: hidden ones, and the endings of the usual programs. */
export function isUnfinishedName(name: string): boolean {
  return /^[.~]|[.~](?:tmp|temp|part|partial|filepart|crdownload|writing|lock|swp)$/i.test(name);
}

/** Tells one content of a file name from another, as well as a listing can. */
export function fileKey(entry: DirectoryEntry): string {
  return fingerprint(entry.name, String(entry.size), entry.modifiedAt).slice(0, 16);
}

/** The name of a file that was read: with its key before it, so that the next file of the same name does not take its place. */
export function doneName(entry: DirectoryEntry): string {
  return `${fileKey(entry)}-${entry.name}`;
}

/** The key and the name that a file had before it was moved; null for one that we did not move. */
export function beforeDone(name: string): { readonly key: string; readonly name: string } | null {
  const [, key, original] = /^([0-9a-f]{16})-(.+)$/.exec(name) ?? [];
  return key === undefined || original === undefined ? null : { key, name: original };
}

/** The beginning of all names of what was sent about an order: readable, and its own. */
export function namesAbout(orderId: string): string {
  const readable = orderId.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 40);
  return `${readable}-${fingerprint(orderId).slice(0, 8)}-`;
}

/** The name of what is sent about an order, made of the request: the same request has the same name, on every attempt and in every process. */
export function nameOfRequest(orderId: string, ...parts: readonly string[]): string {
  return `${namesAbout(orderId)}${fingerprint(orderId, ...parts).slice(0, 16)}`;
}

/** An instant as a part of a file name that sorts: `20261121T090000000Z`. */
export function sortableTime(instant: string): string {
  return instant.replaceAll(/[-:.]/g, '');
}
