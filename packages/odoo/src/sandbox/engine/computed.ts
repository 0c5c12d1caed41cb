import type { Row, Value } from './database.ts';
import type { Field } from './field.ts';
import type { Context, World } from './world.ts';

/** Value of a field as it is stored or computed. Empty values are false, of relations to many an empty list. */
export function readField(world: World, model: string, row: Row, name: string, context: Context = {}): Value {
  const field = world.db.field(model, name);
  if (field?.computed === true) return world.topics.computed(model, name)?.(world, row, context) ?? emptyOf(field);
  if (field?.type === 'one2many') return world.db.lookUp(field.model ?? '', field.inverse ?? '', row.id) ?? [];
  return row[name] ?? emptyOf(field);
}

function emptyOf(field: Field | undefined): Value {
  switch (field?.type) {
    case 'one2many':
    case 'many2many':
      return [];
    case 'float':
    case 'monetary':
    case 'integer':
      return 0;
    default:
      return false;
  }
}
