import type { ErpBatch, ErpBatchDraft, ErpBatches, ErpBatchKey, ErpBatchMember, ErpLeftOut, NodeId } from '@quartermaster/domain';
import { odooFault } from '../client/exceptions.ts';
import { claim } from '../operations/claim.ts';
import { documentXid } from '../operations/documents.ts';
import { startBatch } from '../operations/waves.ts';
import { nestedTable, type Table } from '../session/import-table.ts';
import { nodeOf } from '../session/layout.ts';
import { recordNamed } from '../session/look-up.ts';
import type { Session } from '../session/session.ts';
import { orderXid } from '../session/external-id.ts';
import { findOrders } from './orders.ts';
import { inBatches } from './products.ts';
import { nodeOfPicking, outgoingPickings } from './translate.ts';
import type { PickingRow } from './wire.ts';

const name = 'batches.write';
const ordersPerRead = 100;

/** Waves as `stock.picking.batch` of the app "Batch Transfers". Nobody is made responsible for them, and nothing is set aside. */
export function batches(open: () => Promise<Session>, withNode: (node: NodeId) => Promise<Session>): ErpBatches {
  return {
    safety: 'claim',
    async find(key) {
      const session = await open();
      if (!session.vocabulary.batches) return null;
      const id = await recordNamed(session, 'stock.picking.batch', batchXid(key));
      return id === null ? null : readBatch(session, id, []);
    },
    async write(draft) {
      const session = await withNode(draft.node);
      return session.inTurn([batchXid(draft.key)], () => write(session, draft));
    },
  };
}

/**
 * One import makes the batch with its deliveries, and its external id is the claim. A delivery that somebody put into a batch meanwhile would be taken out of that one by the import: the moment between reading and
 * writing is all that is left open.
 */
async function write(session: Session, draft: ErpBatchDraft): Promise<ErpBatch> {
  demandApp(session);
  nodeOf(session.layout, draft.node, name);
  const looked = await lookAt(session, draft);
  const { id } = await claim(session, 'stock.picking.batch', batchXid(draft.key), () => {
    const [first, ...others] = looked.flatMap(({ here }) => here.filter(({ row, batch }) => isOpen(row) && batch === null));
    if (first !== undefined) return batchTable(session, draft, [first.row, ...others.map(({ row }) => row)]);
    const why = [...new Set(looked.map((each) => each.why))].join(', ');
    throw odooFault('refused', name, `none of ${looked.length} deliveries can go into batch ${draft.name} (${why})`, {
      advice: 'Look at the deliveries in Odoo: they have left, are at another warehouse or in other batches.',
    });
  });
  await startBatch(session, id, { scheduledAt: draft.scheduledAt });
  return readBatch(session, id, looked);
}

function demandApp({ vocabulary }: Session): void {
  if (vocabulary.batches) return;
  throw odooFault('misconfigured', name, 'this Odoo has no batches', { advice: 'Install the app "Batch Transfers" in Odoo.' });
}

/** `made/by` names it as a document of ours; a scope is part of the key, each word of it escaped. */
function batchXid({ scope, id }: ErpBatchKey): string {
  const words = scope === undefined ? [id] : [scope.tenant, scope.company, scope.connection, id];
  return documentXid('wave', words.map(encodeURIComponent).join('/'));
}

type HereNow = { readonly row: PickingRow; readonly batch: number | null };
/** The deliveries of an order at the node, in whatever state; `why` says what stands against their being in the batch, should they not be. */
type Looked = { readonly member: ErpBatchMember; readonly here: readonly HereNow[]; readonly why: ErpLeftOut };

async function lookAt(session: Session, { node, deliveries }: ErpBatchDraft): Promise<Looked[]> {
  const members = [...new Map(deliveries.map((each) => [`${orderXid(each.key)} ${each.node}`, each])).values()];
  const keys = members.map(({ key }) => key);
  const found = new Map(await inBatches(keys, async (some) => [...(await findOrders(session, some))], ordersPerRead));
  const all = new Map(members.map((member) => [member, outgoingPickings(found.get(orderXid(member.key))?.rows ?? [])]));
  const ids = [...all.values()].flat().map(({ id }) => id);
  const batchOf = new Map((await session.odoo.read('stock.picking', ids, ['batch_id'])).map((row) => [row.id, row.batch_id]));
  return [...all].map(([member, pickings]) => {
    const isHere = (row: PickingRow) => member.node === node && nodeOfPicking(row, session.layout) === node;
    const here = pickings.filter(isHere).map((row) => ({ row, batch: batchOf.get(row.id) ?? null }));
    return { member, here, why: found.has(orderXid(member.key)) ? whyNot(pickings, here) : 'no-order' };
  });
}

function whyNot(ofOrder: readonly PickingRow[], here: readonly HereNow[]): ErpLeftOut {
  const open = here.filter(({ row }) => isOpen(row));
  if (open.length > 0) return open.every(({ batch }) => batch !== null) ? 'in-another-batch' : 'not-in-batch';
  if (here.some(({ row }) => row.state === 'done')) return 'done';
  return ofOrder.some((row) => row.state !== 'cancel') ? 'elsewhere' : 'cancelled';
}

function isOpen({ state }: PickingRow): boolean {
  return state !== 'done' && state !== 'cancel';
}

/** Odoo 19 gives the batch another name as soon as it learns its operation type, so that is told from the start. */
function batchTable(session: Session, draft: ErpBatchDraft, pickings: readonly [PickingRow, ...PickingRow[]]): Table {
  const record = {
    id: batchXid(draft.key),
    name: draft.name,
    'picking_type_id/.id': String(pickings[0].picking_type_id.id),
    'company_id/.id': String(session.client.company.id),
  };
  return nestedTable(
    record,
    pickings.map(({ id }) => ({ 'picking_ids/.id': String(id) })),
  );
}

const stateOf: Readonly<Record<string, ErpBatch['state']>> = { in_progress: 'in-progress', done: 'done', cancel: 'cancelled' };

async function readBatch({ odoo }: Session, id: number, looked: readonly Looked[]): Promise<ErpBatch> {
  const [batch] = await odoo.read('stock.picking.batch', [id], ['name', 'state', 'picking_ids']);
  if (batch === undefined) throw odooFault('not-found', name, `there is no batch ${id}`);
  const pickings = await odoo.read('stock.picking', batch.picking_ids, ['name']);
  const inside = new Set(batch.picking_ids);
  return {
    ref: String(id),
    name: batch.name ?? '',
    state: stateOf[batch.state ?? ''] ?? 'draft',
    deliveries: pickings.map((each) => ({ ref: String(each.id), name: each.name ?? '' })).sort((a, b) => Number(a.ref) - Number(b.ref)),
    leftOut: looked.filter(({ here }) => !here.some(({ row }) => inside.has(row.id))).map(({ member, why }) => ({ ...member, why })),
  };
}
