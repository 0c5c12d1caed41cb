/** Versions that the sandbox speaks like. */
export type OdooVersion = 17 | 18 | 19;

export type FieldType =
  | 'char'
  | 'text'
  | 'html'
  | 'float'
  | 'monetary'
  | 'integer'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'selection'
  | 'binary'
  | 'many2one'
  | 'many2one_reference'
  | 'one2many'
  | 'many2many'
  | 'json';

export type Field = {
  readonly type: FieldType;
  /** Model that a relation leads to. */
  readonly model?: string;
  /** Field of that model that leads back, of a one2many. */
  readonly inverse?: string;
  readonly required?: true;
  /** Values of a selection. */
  readonly values?: readonly string[];
  /** Kept as an index, so that it can be searched at once. Every many2one is. */
  readonly indexed?: true;
  /** Not stored: computed when it is read. */
  readonly computed?: true;
  /** What people read. */
  readonly label?: string;
  /** Name of the precision in the database to which a number is rounded. */
  readonly precision?: string;
};

export type Model = Readonly<Record<string, Field>>;

export const char: Field = { type: 'char' };
/** A text by which records are looked up. */
export const code: Field = { type: 'char', indexed: true };
export const text: Field = { type: 'text' };
export const html: Field = { type: 'html' };
export const float: Field = { type: 'float' };
export const monetary: Field = { type: 'monetary' };
export const integer: Field = { type: 'integer' };
export const boolean: Field = { type: 'boolean' };
export const date: Field = { type: 'date' };
export const datetime: Field = { type: 'datetime' };
export const binary: Field = { type: 'binary' };
export const json: Field = { type: 'json' };

export function computed(type: FieldType, model?: string): Field {
  return { type, computed: true, ...(model === undefined ? {} : { model }) };
}

/** A many2one. */
export function one(model: string, more: Partial<Field> = {}): Field {
  return { type: 'many2one', model, ...more };
}

/** A one2many: the records of `model` whose `inverse` leads here. */
export function many(model: string, inverse: string, more: Partial<Field> = {}): Field {
  return { type: 'one2many', model, inverse, ...more };
}

/** A many2many. */
export function set(model: string, more: Partial<Field> = {}): Field {
  return { type: 'many2many', model, ...more };
}

export function selection(...values: readonly string[]): Field {
  return { type: 'selection', values };
}
