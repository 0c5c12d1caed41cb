/** Kinds of fields as `fields_get` names them. */
export const fieldTypes = [
  'char',
  'text',
  'html',
  'integer',
  'float',
  'monetary',
  'boolean',
  'date',
  'datetime',
  'selection',
  'many2one',
  'one2many',
  'many2many',
  'many2one_reference',
  'reference',
  'binary',
  'json',
  'properties',
] as const;
export type FieldType = (typeof fieldTypes)[number];

/** A field of a model, as the generator writes it down: what is needed to read, write and compare it. */
export type ModelField = {
  readonly type: FieldType;
  /** Never empty. */
  readonly required?: true;
  /** Computed when it is read: neither searched nor sorted by the database. */
  readonly stored?: false;
  /** Model that a relation leads to. */
  readonly relation?: string;
  /** Field of that model that leads back, of a one2many. */
  readonly inverse?: string;
  /** Values of a selection that were known when this was generated. */
  readonly values?: readonly string[];
  /** Modules one of which brings the field; absent when nobody asked or Odoo does not say. */
  readonly modules?: readonly string[];
};

/** Fields by name; `id` is in every model and is not listed. */
export type ModelFields = Readonly<Record<string, ModelField>>;

/** Models by name, such as the generated ones of a version or of your own database. */
export type Models = Readonly<Record<string, ModelFields>>;
