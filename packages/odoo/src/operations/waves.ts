import type { Instant } from '@quartermaster/domain';
import { odooFault } from '../client/exceptions.ts';
import { tableOf } from '../session/import-table.ts';
import { odooTime } from '../models/values.ts';
import type { Session } from '../session/session.ts';
import { claim } from './claim.ts';
import { documentXid } from './documents.ts';
import { operation } from './operation.ts';
import { readTransfers, type Transfer } from './transfer.ts';

/** A batch of transfers, or a wave of single lines of them, that one person works through. */
export type Batch = {
  readonly id: number;
  readonly name: string;
  readonly isWave: boolean;
  /** `draft`, `in_progress`, `done` or `cancel`. */
  readonly state: string;
  readonly user: number | null;
  readonly scheduledAt: Instant | null;
  readonly transfers: readonly Transfer[];
};

export type BatchToMake = {
  /** The caller's name for the batch, such as that of the cutoff: the same on every attempt. */
  readonly key: string;
  /** Open transfers of one operation type. */
  readonly transfers: readonly number[];
  /** Who works through it. */
  readonly user?: number;
  /** When it shall be worked through; default the earliest time of its transfers. */
  readonly scheduledAt?: Instant;
};

export type WaveToMake = Omit<BatchToMake, 'transfers'> & {
  /** Lines of open transfers of one operation type that have goods set aside. */
  readonly lines: readonly number[];
};

/** Batches and waves (the app "Batch Transfers"). */
export const waves = {
  /** Makes a batch of transfers, once per key, and starts it. A repeat finds it and adds what is missing. */
  batch: operation('waves.batch', 'claim', async (session, request: BatchToMake): Promise<Batch> => {
    const { id } = await claimBatch(session, request, false);
    await addTransfers(session, id, request.transfers, 'waves.batch');
    await startBatch(session, id, request);
    return readBatch(session, id, 'waves.batch');
  }),
  /** Makes a wave of lines, once per key, and starts it. Odoo splits off what does not go along into a transfer of its own; a repeat finds the lines in the wave. */
  wave: operation('waves.wave', 'claim', async (session, request: WaveToMake): Promise<Batch> => {
    const { id } = await claimBatch(session, request, true);
    const lines = await session.odoo.read('stock.move.line', request.lines, ['picking_id']);
    if (lines.length !== request.lines.length)
      throw odooFault('not-found', 'waves.wave', 'a line is not there any more', { advice: 'Read the transfers again.' });
    const pickings = await session.odoo.read(
      'stock.picking',
      lines.flatMap((line) => line.picking_id ?? []),
      ['batch_id'],
    );
    const elsewhere = new Set(pickings.filter((picking) => picking.batch_id !== id).map((picking) => picking.id));
    const missing = lines.filter((line) => line.picking_id !== null && elsewhere.has(line.picking_id)).map((line) => line.id);
    if (missing.length > 0) {
      const context = { active_model: 'stock.move.line', active_ids: missing };
      const values = {
        mode: 'existing',
        wave_id: id,
        line_ids: [[6, 0, missing]],
        ...(request.user === undefined ? {} : { user_id: request.user }),
      };
      const wizards = await session.client.create('stock.add.to.wave', [values], context);
      await session.client.act('stock.add.to.wave', 'attach_pickings', wizards, { context });
    }
    const wave = await readBatch(session, id, 'waves.wave');
    const there = new Set(wave.transfers.flatMap((transfer) => transfer.moves.flatMap((move) => move.lines.map((line) => line.id))));
    if (request.lines.every((line) => there.has(line))) return wave;
    throw odooFault('refused', 'waves.wave', 'not all lines are in the wave', { outcome: 'unknown', advice: 'Look at the wave in Odoo.' });
  }),
  /** Adds transfers to a batch; one that is in another is taken out of it. */
  add: operation('waves.add', 'natural', async (session, { batch, transfers }: BatchMembers): Promise<Batch> => {
    await addTransfers(session, batch, transfers, 'waves.add');
    return readBatch(session, batch, 'waves.add');
  }),
  /** Takes transfers out of a batch, as must be done before one of them is given to another warehouse. A running batch that is left empty is cancelled by Odoo. */
  remove: operation('waves.remove', 'natural', async (session, { batch, transfers }: BatchMembers): Promise<Batch> => {
    const inside = (await session.odoo.read('stock.picking', transfers, ['batch_id'])).filter((each) => each.batch_id === batch);
    if (inside.length > 0)
      await session.odoo.write(
        'stock.picking',
        inside.map((each) => each.id),
        { batch_id: null },
      );
    return readBatch(session, batch, 'waves.remove');
  }),
  /** Sets goods aside for all transfers of a batch. */
  reserve: operation('waves.reserve', 'natural', async (session, batch: number): Promise<Batch> => {
    await session.inTurn('everything', () => session.client.act('stock.picking.batch', 'action_assign', [batch], { repeat: 'always' }));
    return readBatch(session, batch, 'waves.reserve');
  }),
  /**
   * Carries out what is set aside of all transfers of a batch; rests become transfers of their own outside of it, and transfers with nothing set aside leave it. Throws `refused` when
   * nothing at all was done.
   */
  finish: operation('waves.finish', 'natural', (session, batch: number): Promise<Batch> =>
    session.inTurn('everything', async () => {
      const before = await readBatch(session, batch, 'waves.finish');
      if (before.state === 'done') return before;
      const context = { skip_sms: true, skip_backorder: true };
      const ready = before.transfers.some((transfer) => transfer.state !== 'cancel' && transfer.moves.some((move) => move.units > 0));
      if (!ready) throw odooFault('refused', 'waves.finish', `nothing of ${before.name} is set aside`, { advice: 'Reserve it first.' });
      await session.client.act('stock.picking.batch', 'action_done', [batch], { context });
      const after = await readBatch(session, batch, 'waves.finish');
      if (after.state === 'done') return after;
      throw odooFault('refused', 'waves.finish', `${after.name} is still ${after.state}`, {
        outcome: 'unknown',
        advice: 'Look at the batch in Odoo.',
      });
    }),
  ),
  /** Dissolves a batch; its transfers stay as they are. */
  cancel: operation('waves.cancel', 'natural', async (session, batch: number): Promise<Batch> => {
    const before = await readBatch(session, batch, 'waves.cancel');
    if (before.state === 'cancel') return before;
    if (before.state === 'done') throw odooFault('refused', 'waves.cancel', `${before.name} is done`);
    await session.client.act('stock.picking.batch', 'action_cancel', [batch], { repeat: 'always' });
    return readBatch(session, batch, 'waves.cancel');
  }),
};

/** Transfers that come into a batch or leave it. */
export type BatchMembers = { readonly batch: number; readonly transfers: readonly number[] };

function claimBatch(session: Session, request: Omit<BatchToMake, 'transfers'>, isWave: boolean): ReturnType<typeof claim> {
  const externalId = documentXid('batch', request.key);
  return claim(session, 'stock.picking.batch', externalId, () =>
    tableOf([
      {
        id: externalId,
        'user_id/.id': request.user === undefined ? '' : String(request.user),
        'company_id/.id': String(session.client.company.id),
        is_wave: isWave ? '1' : '0',
      },
    ]),
  );
}

/** Puts transfers into the batch that are not in it. Throws `refused` for one that is closed, because Odoo would take it in silence. */
async function addTransfers(session: Session, batch: number, ids: readonly number[], name: string): Promise<void> {
  const rows = await session.odoo.read('stock.picking', ids, ['name', 'state', 'batch_id', 'picking_type_id']);
  if (rows.length !== new Set(ids).size) throw odooFault('not-found', name, 'a transfer is not there');
  const missing = rows.filter((row) => row.batch_id !== batch);
  if (missing.length === 0) return;
  const closed = missing.find((row) => row.state === 'done' || row.state === 'cancel');
  if (closed !== undefined) throw odooFault('refused', name, `${closed.name ?? ''} is ${closed.state}`, { advice: 'Take open transfers.' });
  const { transfers } = await readBatch(session, batch, name);
  const inside = await session.odoo.read(
    'stock.picking',
    transfers.map((each) => each.id),
    ['picking_type_id'],
  );
  if (new Set([...inside, ...missing].map((row) => row.picking_type_id)).size > 1)
    throw odooFault('refused', name, 'the transfers are of several operation types', { advice: 'Make one batch per operation type.' });
  await session.client.write('stock.picking.batch', [batch], { picking_ids: missing.map((row) => [4, row.id, 0]) });
}

/** Starts a batch that has transfers and is a draft yet; one that runs stays as people have it. */
export async function startBatch(session: Session, batch: number, request: Pick<BatchToMake, 'user' | 'scheduledAt'>): Promise<void> {
  const [row] = await session.odoo.read('stock.picking.batch', [batch], ['state', 'picking_ids']);
  if (row?.state !== 'draft') return;
  const values = {
    ...(request.user === undefined ? {} : { user_id: request.user }),
    ...(request.scheduledAt === undefined ? {} : { scheduled_date: odooTime(request.scheduledAt) }),
  };
  if (Object.keys(values).length > 0) await session.client.write('stock.picking.batch', [batch], values);
  if (row.picking_ids.length > 0) await session.client.act('stock.picking.batch', 'action_confirm', [batch], { repeat: 'always' });
}

async function readBatch(session: Session, id: number, name: string): Promise<Batch> {
  const [batch] = await session.odoo.read(
    'stock.picking.batch',
    [id],
    ['name', 'state', 'is_wave', 'user_id', 'scheduled_date', 'picking_ids'],
  );
  if (batch === undefined) throw odooFault('not-found', name, `there is no batch ${id}`);
  return {
    id,
    name: batch.name ?? '',
    isWave: batch.is_wave,
    state: batch.state ?? '',
    user: batch.user_id,
    scheduledAt: batch.scheduled_date,
    transfers: await readTransfers(session, batch.picking_ids, name),
  };
}
