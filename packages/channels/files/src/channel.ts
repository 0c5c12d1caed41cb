import { systemClock, type HttpEvent } from '@quartermaster/connector-kit';
import type { Channel, Clock, ConnectionId, NodeId } from '@quartermaster/domain';
import { acknowledging } from './acknowledgement.ts';
import { arrivals, type WholeWhen } from './arrivals.ts';
import { cancelling } from './cancellation.ts';
import { createFileClient } from './client.ts';
import type { Directory } from './directory.ts';
import type { FileDelimiter, FileEncoding } from './file-text.ts';
import { itemReading } from './items.ts';
import { defaultLayout, type FileLayout } from './layout.ts';
import { defaultLeastPollMs, defaultSettleMs, maxStockBatch } from './limits.ts';
import { orderBook } from './order-book.ts';
import { orderReading } from './orders.ts';
import { probeFiles } from './probe.ts';
import { cursorAt, storeCursor } from './pull-cursor.ts';
import { fileSending } from './sending.ts';
import { shipmentConfirming } from './shipment.ts';
import { standingReading } from './standings.ts';
import { stockPublishing, type StockFiles } from './stock.ts';
import type { FileFormat } from './written-text.ts';

export type FilesChannelOptions = {
  readonly connection: ConnectionId;
  /** Who the partner is, for people. */
  readonly partner: string;
  readonly directory: Directory;
  /** Folders with other names than the usual ones. */
  readonly layout?: Partial<FileLayout>;
  /** The partner's names of our nodes, where it keeps stock for each of them; null (default) where it keeps one figure. */
  readonly warehouses?: Readonly<Record<NodeId, string>> | null;
  /** What we write; default `json`. Both are read, by the ending of the name. */
  readonly writes?: 'json' | 'csv';
  /** Default `changes`. */
  readonly stockFiles?: StockFiles;
  /** Whether the partner says in files what it sells of ours (default); without, every SKU is taken for known there. */
  readonly itemFiles?: boolean;
  /** When a file of the partner counts as whole; default when it has not changed for two seconds. */
  readonly wholeWhen?: WholeWhen;
  /** What becomes of order files that were read: they stay (default), or go to the folder `done`. */
  readonly whenRead?: 'stay' | 'move';
  /** Encoding of the partner's files, default UTF-8, with or without byte order mark. Ours are UTF-8. */
  readonly encoding?: FileEncoding;
  /** Between the cells of CSV, default a comma. */
  readonly delimiter?: FileDelimiter;
  readonly leastPollMs?: number;
  readonly clock?: Clock;
  /** Random numbers from 0 to 1, for the jitter of retries. */
  readonly random?: () => number;
  /** Texts that no fault may hold, such as the password of an SFTP server. */
  readonly secrets?: readonly string[];
  readonly attempts?: number;
  readonly timeoutMs?: number;
  readonly onEvent?: (event: HttpEvent) => void;
};

/**
 * A folder of files as a channel: orders come as CSV or JSON, everything else goes as files whose names are made of what is asked for. Order and line ids are the partner's. One process at a
 * time publishes stock of a connection.
 */
export function filesChannel(options: FilesChannelOptions): Channel {
  const clock = options.clock ?? systemClock;
  const layout = { ...defaultLayout, ...options.layout };
  const warehouses = options.warehouses ?? null;
  const wholeWhen = options.wholeWhen ?? { kind: 'unchanged', forMs: defaultSettleMs };
  const text = { encoding: options.encoding ?? 'utf-8', delimiter: options.delimiter ?? ',' } as const;
  const format: FileFormat = options.writes === 'csv' ? { kind: 'csv', delimiter: text.delimiter } : { kind: 'json' };
  const move = options.whenRead === 'move';
  const client = createFileClient({
    directory: options.directory,
    clock,
    random: options.random ?? Math.random,
    ...(options.attempts === undefined ? {} : { attempts: options.attempts }),
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    ...(options.secrets === undefined ? {} : { secrets: options.secrets }),
    ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
  });
  const arriving = arrivals(client, clock, wholeWhen);
  const book = orderBook({ client, arrivals: arriving, layout, text, keepsDone: move });
  const sending = fileSending(client, layout);
  const items = (options.itemFiles ?? true) ? itemReading({ client, arrivals: arriving, layout, text }) : null;
  const stock = stockPublishing({ client, clock, items, layout, warehouses, files: options.stockFiles ?? 'changes', format });
  const marker = wholeWhen.kind === 'marker' ? wholeWhen.ending : null;

  return {
    connection: options.connection,
    safety: { pushStock: 'natural', confirmShipment: 'natural' },
    capabilities: {
      stockPerNode: warehouses !== null,
      compareAndSet: false,
      webhooks: false,
      maxStockBatch,
      partialCancel: true,
      partialShipment: true,
      leastPollMs: options.leastPollMs ?? defaultLeastPollMs,
    },
    probe: () => probeFiles({ client, layout, name: options.partner, needsItems: items !== null }),
    cursorAt: (at) => storeCursor(cursorAt(at)),
    ...orderReading({ client, book, layout, connection: options.connection, move, marker }),
    standings: standingReading(book, sending, options.connection),
    ...stock,
    ...shipmentConfirming({ book, sending, warehouses, format }),
    listings:
      items === null
        ? null
        : async function* () {
            yield (await items.read()).listings;
          },
    acknowledgement: acknowledging(book, sending, format),
    cancellation: cancelling(book, sending, format),
    refund: null,
    capture: null,
    returns: null,
    subscriptions: null,
    verifyWebhook: async () => ({ kind: 'rejected', reason: 'files are looked for; nobody calls' }),
  };
}
