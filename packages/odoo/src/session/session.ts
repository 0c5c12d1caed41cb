import type { Clock } from '@quartermaster/domain';
import { z } from 'zod';
import { connectOdoo, type OdooClient, type OdooOptions } from '../client/client.ts';
import { everyVersion } from '../models/curated/every-version.ts';
import { typedOdoo, type TypedOdoo } from '../models/typed-odoo.ts';
import { readLayout, type Layout, type WarehouseSplit } from './layout.ts';
import { turnsAt, type Turns } from './turns.ts';
import { readVocabulary, type Vocabulary } from './vocabulary.ts';

/** What every operation works with: the open connection and what is known of the database. */
export type Session = {
  readonly client: OdooClient;
  /** The same connection, typed by what all versions have alike. */
  readonly odoo: TypedOdoo<typeof everyVersion>;
  readonly clock: Clock;
  readonly layout: Layout;
  readonly vocabulary: Vocabulary;
  /** Whether the user may read the table of external ids. */
  readonly mayReadExternalIds: boolean;
  /** Ids of Odoo's orders by the external id of the channel order, as learnt; an id never changes, and an order that was deleted reads as missing. */
  readonly orderIds: Map<string, readonly number[]>;
  readonly warehouseSplit: WarehouseSplit;
  /** Keeps apart what would reserve the same units twice, or write the same record. */
  readonly inTurn: Turns;
};

/** Opens the connection at the first use and keeps it; a failure is not kept. `refresh` reads the layout anew, for when a warehouse was added. */
export function sessions(
  options: OdooOptions & { readonly warehouseSplit?: WarehouseSplit },
  clock: Clock,
): {
  readonly open: () => Promise<Session>;
  readonly refresh: () => Promise<Session>;
} {
  const orderIds = new Map<string, readonly number[]>();
  const inTurn = turnsAt(options.url, options.database);
  const warehouseSplit = options.warehouseSplit ?? 'route-per-line';
  let lasting: Promise<Omit<Session, 'layout'>> | undefined;
  let layout: Promise<Layout> | undefined;

  async function connect(): Promise<Omit<Session, 'layout'>> {
    const client = await connectOdoo(options);
    const mayReadExternalIds = await mayAccess(client, 'ir.model.data', 'read');
    const vocabulary = await readVocabulary(client);
    return { client, odoo: typedOdoo(client, everyVersion), clock, vocabulary, mayReadExternalIds, orderIds, warehouseSplit, inTurn };
  }

  async function open(): Promise<Session> {
    try {
      const connected = await (lasting ??= connect());
      return { ...connected, layout: await (layout ??= readLayout(connected.client)) };
    } catch (error) {
      lasting = undefined;
      layout = undefined;
      throw error;
    }
  }

  return {
    open,
    refresh() {
      layout = undefined;
      return open();
    },
  };
}

/** Whether the user may do this with records of a model. */
export function mayAccess(client: OdooClient, model: string, operation: 'create' | 'read' | 'write' | 'unlink'): Promise<boolean> {
  const args = { operation, raise_exception: false };
  return client.call({ model, method: 'check_access_rights', args, repeat: 'always', timeout: 'read' }, z.boolean());
}
