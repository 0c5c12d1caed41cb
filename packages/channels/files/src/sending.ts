import { z } from 'zod';
import type { FileClient } from './client.ts';
import { namesAbout, type FileLayout } from './layout.ts';

/** What is sent about orders. */
export type SentKind = 'shipments' | 'cancellations' | 'acknowledgements';

/** What is said of an order to the partner, in both forms. */
export type Outgoing = {
  readonly id: string;
  readonly orderId: string;
  readonly text: string;
  readonly extension: string;
  readonly units?: Readonly<Record<string, number>>;
};

/**
 * Writes files for the partner, and keeps a record of each beside them, because the partner takes files away. First the file, then the record: whoever dies between writes the same file
 * again, under the same name, which the partner knows.
 */
export type Sending = {
  send(kind: SentKind, outgoing: Outgoing): Promise<void>;
  /** Whether this was sent: it has its record, or its file still lies there. */
  wasSent(kind: SentKind, id: string): Promise<boolean>;
  /** Units by line that the partner was told of, by order; of one order, or of all. */
  unitsTold(orderId: string | null): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>>;
  /** The records of shipments of one order. */
  shipmentsOf(orderId: string): Promise<readonly SentRecord[]>;
};

const recordSchema = z.object({ id: z.string(), orderId: z.string(), units: z.record(z.string(), z.number()).optional() });
export type SentRecord = z.infer<typeof recordSchema>;

export function fileSending(client: FileClient, layout: FileLayout): Sending {
  /** A record never changes, so it is read once. */
  const records = new Map<string, SentRecord>();
  const folderOf = (kind: SentKind) => `${layout.sent}/${kind}`;

  return {
    async send(kind, { id, orderId, text, extension, units }) {
      await client.write(`${layout[kind]}/${id}.${extension}`, text);
      const record: SentRecord = { id, orderId, ...(units === undefined ? {} : { units }) };
      await client.write(`${folderOf(kind)}/${id}.json`, JSON.stringify(record));
    },
    async wasSent(kind, id) {
      const has = async (folder: string) => (await client.list(folder)).some(({ name }) => name.startsWith(`${id}.`));
      return (await has(folderOf(kind))) || has(layout[kind]);
    },
    async unitsTold(orderId) {
      const told = new Map<string, Map<string, number>>();
      for (const { orderId: id, units } of await shipments(orderId)) {
        const lines = told.get(id) ?? new Map<string, number>();
        for (const [line, count] of Object.entries(units ?? {})) lines.set(line, (lines.get(line) ?? 0) + count);
        told.set(id, lines);
      }
      return told;
    },
    shipmentsOf: shipments,
  };

  async function shipments(orderId: string | null): Promise<SentRecord[]> {
    const folder = folderOf('shipments');
    const beginning = orderId === null ? '' : namesAbout(orderId);
    const names = (await client.list(folder))
      .map(({ name }) => name)
      .filter((name) => name.startsWith(beginning) && name.endsWith('.json'));
    const found: SentRecord[] = [];
    for (const name of names) {
      const record = await recordAt(`${folder}/${name}`);
      if (record !== null) found.push(record);
    }
    return found;
  }

  /** Null of one that somebody removed meanwhile. */
  async function recordAt(path: string): Promise<SentRecord | null> {
    const known = records.get(path);
    if (known !== undefined) return known;
    const record = await client.readJson(path, recordSchema);
    if (record !== null) records.set(path, record);
    return record;
  }
}
