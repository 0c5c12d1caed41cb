import { textOf, type Row } from '../engine/database.ts';
import { computed, datetime, selection } from '../engine/field.ts';
import type { Topic } from '../engine/topic.ts';
import { rowsBy, type World } from '../engine/world.ts';
import { movesOf } from './pickings.ts';
import { isOpen } from './reservation.ts';

/** Stars and dates of deliveries, and the delivery date of an order that becomes their deadline. */
export const planning: Topic = {
  models: () => ({
    'sale.order': { commitment_date: datetime },
    'stock.picking': { priority: selection('0', '1'), date_deadline: computed('datetime') },
  }),
  computed: {
    'stock.picking.date_deadline': (world, row) => deadlineOf(world, row),
  },
  written: {
    'sale.order': (world, { after, asked }) => {
      if (asked['commitment_date'] === undefined) return;
      for (const line of rowsBy(world, 'sale.order.line', 'order_id', after.id))
        for (const move of rowsBy(world, 'stock.move', 'sale_line_id', line.id))
          if (isOpen(move)) world.db.update('stock.move', move.id, { date_deadline: after['commitment_date'] ?? false });
    },
  },
};

function deadlineOf(world: World, picking: Row): string | false {
  const dates = movesOf(world, picking.id).flatMap((move) => textOf(move, 'date_deadline') || []);
  return dates.toSorted()[0] ?? false;
}
