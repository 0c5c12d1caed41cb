import { numberOf, referenceOf, textOf, type Row, type Values } from '../engine/database.ts';
import { userError } from '../engine/errors.ts';
import { boolean, char, computed, datetime, many, one, selection, set } from '../engine/field.ts';
import { action, type Topic } from '../engine/topic.ts';
import { required, rowsBy, type Context, type World } from '../engine/world.ts';
import { assignPickings, confirmPickings, createPicking, movesOf, pickingState } from './pickings.ts';
import { linesOf, settle } from './reservation.ts';
import { splitMove, validatePickings } from './validation.ts';

/** The app "Batch Transfers": several transfers, or single lines of them as a wave, that one person works through. */
export const batches: Topic = {
  models: () => ({
    'stock.picking.batch': {
      name: char,
      state: computed('selection'),
      /** What was done to the batch itself; transfers decide the rest. */
      step: selection('draft', 'in_progress', 'cancel'),
      is_wave: boolean,
      picking_ids: many('stock.picking', 'batch_id'),
      picking_type_id: one('stock.picking.type'),
      user_id: one('res.users'),
      scheduled_date: datetime,
      company_id: one('res.company'),
      move_line_ids: computed('one2many', 'stock.move.line'),
    },
    'stock.picking': { batch_id: one('stock.picking.batch') },
    'stock.picking.type': { auto_batch: boolean },
    'stock.add.to.wave': {
      mode: selection('existing', 'new'),
      wave_id: one('stock.picking.batch'),
      line_ids: set('stock.move.line'),
      picking_ids: set('stock.picking'),
      user_id: one('res.users'),
    },
  }),
  rights: {
    'stock.picking.batch': ['create', 'read', 'write', 'unlink'],
    'stock.add.to.wave': ['create', 'read', 'write', 'unlink'],
  },
  methods: {
    'stock.picking.batch': {
      action_confirm: action((world, { ids }) => confirmBatch(world, ids[0] ?? 0)),
      // Answers nothing.
      action_assign: action((world, { ids }) => {
        assignPickings(
          world,
          ids.flatMap((id) => pickingsOf(world, id)).map((picking) => picking.id),
        );
      }),
      action_done: action((world, { ids, context }) => finishBatch(world, ids[0] ?? 0, context)),
      action_cancel: action((world, { ids }) => {
        for (const id of ids) {
          world.db.update('stock.picking.batch', id, { step: 'cancel' });
          for (const picking of pickingsOf(world, id)) world.db.update('stock.picking', picking.id, { batch_id: false });
        }
        return true;
      }),
    },
    'stock.add.to.wave': { attach_pickings: action((world, { ids }) => attachLines(world, ids[0] ?? 0)) },
  },
  computed: {
    'stock.picking.batch.state': (world, row) => batchState(world, row),
    'stock.picking.batch.move_line_ids': (world, row) =>
      pickingsOf(world, row.id).flatMap((picking) =>
        movesOf(world, picking.id).flatMap((move) => linesOf(world, move.id).map((line) => line.id)),
      ),
  },
  create: {
    'stock.picking.batch': (world, values) => {
      const word = values['is_wave'] === true ? 'WAVE' : 'BATCH';
      return world.db.insert('stock.picking.batch', {
        step: 'draft',
        is_wave: false,
        picking_type_id: false,
        user_id: false,
        scheduled_date: false,
        company_id: world.companyId,
        ...values,
        name: typeof values['name'] === 'string' ? values['name'] : `${word}/${String(world.db.next(word)).padStart(5, '0')}`,
      });
    },
  },
  created: { 'stock.picking.batch': checkMembers },
  written: {
    'stock.picking': (world, { before, after }) => {
      const left = referenceOf(before, 'batch_id');
      if (left !== null && left !== after['batch_id']) cancelEmptied(world, left);
      const entered = referenceOf(after, 'batch_id');
      if (entered !== null && entered !== left) checkMembers(world, required(world.db.get('stock.picking.batch', entered), 'batch'));
    },
  },
};

function pickingsOf(world: World, batchId: number): Row[] {
  return rowsBy(world, 'stock.picking', 'batch_id', batchId);
}

/** A batch is done when all its transfers are, and cancelled when all were. */
function batchState(world: World, batch: Row): string {
  const states = new Set(pickingsOf(world, batch.id).map((picking) => pickingState(world, picking)));
  const step = textOf(batch, 'step');
  if (step === 'cancel' || states.size === 0) return step;
  if (states.size === 1 && states.has('cancel')) return 'cancel';
  states.delete('cancel');
  return states.size === 1 && states.has('done') ? 'done' : step;
}

/** A batch takes its operation type from its first transfer; all must have the same and be open. */
function checkMembers(world: World, batch: Row): void {
  const members = pickingsOf(world, batch.id);
  const [first] = members;
  if (first === undefined) return;
  const type = referenceOf(batch, 'picking_type_id') ?? numberOf(first, 'picking_type_id');
  world.db.update('stock.picking.batch', batch.id, { picking_type_id: type });
  const wrong = members.filter((picking) => picking['picking_type_id'] !== type);
  if (wrong.length === 0) return;
  throw userError(
    `The following transfers cannot be added to batch transfer ${textOf(batch, 'name')}. Please check their states and operation types.\n\nIncompatibilities: ${wrong
      .map((picking) => textOf(picking, 'name'))
      .join(', ')}`,
  );
}

function cancelEmptied(world: World, batchId: number): void {
  const batch = world.db.get('stock.picking.batch', batchId);
  if (batch?.['step'] === 'in_progress' && pickingsOf(world, batchId).length === 0)
    world.db.update('stock.picking.batch', batchId, { step: 'cancel' });
}

function confirmBatch(world: World, id: number): true {
  const members = pickingsOf(world, id);
  if (members.length === 0) throw userError('You have to set some pickings to batch.');
  confirmPickings(
    world,
    members.map((picking) => picking.id),
  );
  world.db.update('stock.picking.batch', id, { step: 'in_progress' });
  return true;
}

/** `action_done`: transfers with nothing set aside leave the batch, the others are validated as by hand. */
function finishBatch(world: World, id: number, context: Context): unknown {
  const open = pickingsOf(world, id).filter((picking) => !['done', 'cancel'].includes(pickingState(world, picking)));
  const isEmpty = (picking: Row) => movesOf(world, picking.id).every((move) => numberOf(move, 'quantity') === 0);
  const ready = open.filter((picking) => !isEmpty(picking));
  const answer = validatePickings(
    world,
    ready.map((picking) => picking.id),
    { ...context, skip_sanity_check: true },
  );
  if (answer === true) for (const picking of open.filter(isEmpty)) world.db.update('stock.picking', picking.id, { batch_id: false });
  return answer;
}

/** Puts lines into a wave: a transfer whose lines all go, goes as it is; of others a new transfer is split off. Until 18 it answers nothing, 19 a note for the screen. */
function attachLines(world: World, id: number): unknown {
  const wizard = required(world.db.get('stock.add.to.wave', id), 'wizard');
  const lines = (Array.isArray(wizard['line_ids']) ? wizard['line_ids'] : []).flatMap(
    (line) => world.db.get('stock.move.line', line) ?? [],
  );
  if (lines.length === 0) throw userError('Cannot create wave transfers');
  const wave =
    referenceOf(wizard, 'wave_id') ??
    world.db.insert('stock.picking.batch', {
      step: 'draft',
      is_wave: true,
      user_id: referenceOf(wizard, 'user_id') ?? false,
      company_id: world.companyId,
      name: `WAVE/${String(world.db.next('WAVE')).padStart(5, '0')}`,
    }).id;
  for (const pickingId of new Set(lines.map((line) => numberOf(line, 'picking_id')))) {
    const taken = lines.filter((line) => line['picking_id'] === pickingId);
    takeLines(world, required(world.db.get('stock.picking', pickingId), 'transfer'), taken, wave);
  }
  checkMembers(world, required(world.db.get('stock.picking.batch', wave), 'wave'));
  confirmBatch(world, wave);
  return world.version === 19 ? { type: 'ir.actions.client', tag: 'display_notification' } : undefined;
}

function takeLines(world: World, picking: Row, taken: readonly Row[], wave: number): void {
  const ids = new Set(taken.map((line) => line.id));
  const moves = movesOf(world, picking.id);
  const all = moves.every((move) => linesOf(world, move.id).length > 0 && linesOf(world, move.id).every((line) => ids.has(line.id)));
  if (all) {
    world.db.update('stock.picking', picking.id, { batch_id: wave });
    return;
  }
  const { id: _id, name: _name, ...copied } = picking;
  const split: Values = { ...copied, batch_id: wave, backorder_id: false };
  const target = createPicking(world, split);
  for (const move of moves) {
    const going = linesOf(world, move.id).filter((line) => ids.has(line.id));
    if (going.length === 0) continue;
    const isWhole = going.length === linesOf(world, move.id).length;
    const units = going.reduce((sum, line) => sum + numberOf(line, 'quantity'), 0);
    const moved = isWhole ? move : splitMove(world, move, units);
    world.db.update('stock.move', moved.id, { picking_id: target.id });
    for (const line of going) world.db.update('stock.move.line', line.id, { move_id: moved.id, picking_id: target.id });
    settle(world, moved.id);
    if (!isWhole) settle(world, move.id);
  }
}
