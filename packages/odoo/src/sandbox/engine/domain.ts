import { valueError } from './errors.ts';
import { idsOf, type Database, type Row, type Value } from './database.ts';
import type { OdooVersion } from './field.ts';

/** Reads the value of a stored or computed field. */
export type ReadField = (model: string, row: Row, field: string) => Value;

/** Rows that a domain finds, by ascending id. An index is used for a leading condition with `=` or `in`. */
export function search(db: Database, read: ReadField, version: OdooVersion, model: string, domain: unknown, activeOnly: boolean): Row[] {
  const terms: unknown[] = Array.isArray(domain) ? domain : [];
  const test = predicateOf(db, read, version, model, terms);
  const filtersActive = activeOnly && db.field(model, 'active') !== undefined && !JSON.stringify(terms).includes('"active"');
  const found: Row[] = [];
  for (const row of candidates(db, model, terms)) {
    if (filtersActive && row['active'] === false) continue;
    if (test(row)) found.push(row);
  }
  return found.sort((a, b) => a.id - b.id);
}

type Predicate = (row: Row) => boolean;

/** Only rows that can match: all conditions of a domain without `|` and `!` must hold, so any indexed one narrows. */
function candidates(db: Database, model: string, terms: readonly unknown[]): Iterable<Row> {
  if (terms.includes('|') || terms.includes('!')) return db.all(model);
  let best: readonly number[] | undefined;
  for (const term of terms) {
    if (!isLeaf(term)) continue;
    const [field, operator, value] = term;
    const values = operator === '=' ? [value] : operator === 'in' && Array.isArray(value) ? value : undefined;
    if (values === undefined) continue;
    const ids = field === 'id' ? values.filter((id) => typeof id === 'number') : idsByIndex(db, model, field, values);
    if (ids !== undefined && (best === undefined || ids.length < best.length)) best = ids;
  }
  if (best === undefined) return db.all(model);
  return [...new Set(best)].flatMap((id) => db.get(model, id) ?? []);
}

function idsByIndex(db: Database, model: string, field: string, values: readonly unknown[]): number[] | undefined {
  const [head = '', ...rest] = field.split('.');
  if (rest.length === 0) {
    const found: number[] = [];
    for (const value of values) {
      const ids = db.lookUp(model, head, scalar(value));
      if (ids === undefined) return undefined;
      found.push(...ids);
    }
    return found;
  }
  const target = db.field(model, head);
  if (target?.type !== 'many2one' || target.model === undefined) return undefined;
  const related = idsByIndex(db, target.model, rest.join('.'), values);
  return related && idsByIndex(db, model, head, related);
}

function predicateOf(db: Database, read: ReadField, version: OdooVersion, model: string, terms: readonly unknown[]): Predicate {
  const rest = [...terms];
  const conditions: Predicate[] = [];
  while (rest.length > 0) conditions.push(next());
  return (row) => conditions.every((condition) => condition(row));

  function next(): Predicate {
    const term = rest.shift();
    if (term === '!') {
      const inner = next();
      return (row) => !inner(row);
    }
    if (term === '&' || term === '|') {
      const left = next();
      const right = next();
      return term === '&' ? (row) => left(row) && right(row) : (row) => left(row) || right(row);
    }
    if (!isLeaf(term)) throw valueError(`Invalid leaf ${python(term)}`);
    return leafOf(db, read, version, model, term);
  }
}

type Leaf = readonly [field: string, operator: string, value: unknown];

function isLeaf(term: unknown): term is Leaf {
  return Array.isArray(term) && term.length === 3 && typeof term[0] === 'string' && typeof term[1] === 'string';
}

function leafOf(db: Database, read: ReadField, version: OdooVersion, model: string, leaf: Leaf): Predicate {
  const [path, operator, value] = leaf;
  const [head = '', ...rest] = path.split('.');
  const field = db.field(model, head);
  if (field === undefined) throw valueError(`Invalid field ${model}.${head} in ${version === 19 ? 'condition' : 'leaf'} ${python(leaf)}`);
  if (rest.length > 0) {
    const target = field.model ?? '';
    const inner = leafOf(db, read, version, target, [rest.join('.'), operator, value]);
    return (row) => relatedIds(read(model, row, head)).some((id) => isMatch(db.get(target, id), inner));
  }
  if (operator === 'any' || operator === 'not any') {
    const target = field.model ?? '';
    const matches = predicateOf(db, read, version, target, Array.isArray(value) ? value : []);
    return (row) => relatedIds(read(model, row, head)).some((id) => isMatch(db.get(target, id), matches)) === (operator === 'any');
  }
  if (operator === 'child_of') {
    const roots = new Set((Array.isArray(value) ? value : [value]).map(Number));
    const target = field.model ?? model;
    return (row) => {
      const held = head === 'id' ? row.id : read(model, row, head);
      return typeof held === 'number' && ancestry(db, target, held).some((id) => roots.has(id));
    };
  }
  const compare = comparisons[operator];
  if (compare === undefined) throw valueError(`Invalid leaf ${python(leaf)}`);
  const wanted = operator === 'in' || operator === 'not in' ? new Set((Array.isArray(value) ? value : [value]).map(scalar)) : scalar(value);
  return (row) => compare(head === 'id' ? row.id : read(model, row, head), wanted);
}

function relatedIds(held: Value): readonly number[] {
  return typeof held === 'number' ? [held] : idsOf({ held }, 'held');
}

function isMatch(row: Row | undefined, matches: Predicate): boolean {
  return row !== undefined && matches(row);
}

type Wanted = Value | Set<Value>;

const comparisons: Readonly<Record<string, (held: Value, wanted: Wanted) => boolean>> = {
  '=': equals,
  '!=': (held, wanted) => !equals(held, wanted),
  in: (held, wanted) => wanted instanceof Set && (Array.isArray(held) ? held.some((id: Value) => wanted.has(id)) : wanted.has(held)),
  'not in': (held, wanted) => wanted instanceof Set && !(Array.isArray(held) ? held.some((id: Value) => wanted.has(id)) : wanted.has(held)),
  '>': (held, wanted) => !(wanted instanceof Set) && held > wanted,
  '>=': (held, wanted) => !(wanted instanceof Set) && held >= wanted,
  '<': (held, wanted) => !(wanted instanceof Set) && held < wanted,
  '<=': (held, wanted) => !(wanted instanceof Set) && held <= wanted,
  like: (held, wanted) => String(held).includes(textOfWanted(wanted)),
  ilike: (held, wanted) => String(held).toLowerCase().includes(textOfWanted(wanted).toLowerCase()),
};

function textOfWanted(wanted: Wanted): string {
  return typeof wanted === 'string' ? wanted : '';
}

function equals(held: Value, wanted: Wanted): boolean {
  if (wanted instanceof Set) return false;
  return Array.isArray(held) ? held.some((id: Value) => id === wanted) || (held.length === 0 && wanted === false) : held === wanted;
}

function ancestry(db: Database, model: string, id: number): number[] {
  const path: number[] = [];
  const parent = model === 'stock.location' ? 'location_id' : 'parent_id';
  for (let at: Value | undefined = id; typeof at === 'number'; at = db.get(model, at)?.[parent]) path.push(at);
  return path;
}

/** A JSON value as a field holds it; null is Odoo's false. */
function scalar(value: unknown): Value {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : false;
}

/** As Python would print it, for the texts of errors. */
function python(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (value === null || value === undefined) return 'None';
  if (isLeaf(value)) return `(${value.map(python).join(', ')})`;
  return Array.isArray(value) ? `[${value.map(python).join(', ')}]` : JSON.stringify(value);
}
