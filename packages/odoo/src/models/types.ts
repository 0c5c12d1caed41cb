import type { Instant } from '@quartermaster/domain';
import type { ModelField, Models } from './field.ts';
import type { Command } from './commands.ts';

export type ModelName<M extends Models> = keyof M & string;
export type FieldName<M extends Models, N extends ModelName<M>> = keyof M[N] & string;

/** A decimal number as text, exact: `12.30`. Amounts of money are never floats. */
export type Decimal = string;

/** A selection value that was not known when the types were generated: a module added it. It is kept as it came. */
export type UnknownValue = string & { readonly unknown?: never };

/** What a field is after reading. Odoo's `false` for nothing is null here. */
export type ReadValue<F extends ModelField> = F['type'] extends 'boolean'
  ? boolean
  : F['type'] extends 'integer' | 'float' | 'many2one_reference'
    ? number
    : F['type'] extends 'monetary'
      ? Decimal
      : F['type'] extends 'one2many' | 'many2many'
        ? readonly number[]
        : F['type'] extends 'json' | 'properties'
          ? unknown
          : F extends { readonly required: true }
            ? Filled<F>
            : Filled<F> | null;

type Filled<F extends ModelField> = F['type'] extends 'many2one'
  ? number
  : F['type'] extends 'datetime'
    ? Instant
    : F['type'] extends 'selection'
      ? KnownValue<F> | UnknownValue
      : string;

/** The selection values that were known when the types were generated. */
export type KnownValue<F extends ModelField> = F extends { readonly values: readonly (infer V extends string)[] } ? V : string;

/** A row of some fields; `id` is always there. */
export type Row<M extends Models, N extends ModelName<M>, F extends FieldName<M, N>> = { readonly id: number } & {
  readonly [Name in F]: ReadValue<M[N][Name]>;
};

/** The fields of a whole row: all that were generated but binary ones, which are files and are asked for by name. Computed ones are among them. */
export type FullRowField<M extends Models, N extends ModelName<M>> = {
  [Name in FieldName<M, N>]: M[N][Name]['type'] extends 'binary' ? never : Name;
}[FieldName<M, N>];

/** A row with all generated fields but the binary ones. */
export type FullRow<M extends Models, N extends ModelName<M>> = Row<M, N, FullRowField<M, N>>;

/** What may be written to a field: null empties it, a relation to many takes commands. */
export type WriteValue<M extends Models, F extends ModelField> = F['type'] extends 'boolean'
  ? boolean
  : F['type'] extends 'integer' | 'float' | 'many2one_reference'
    ? number
    : F['type'] extends 'monetary'
      ? Decimal
      : F['type'] extends 'one2many' | 'many2many'
        ? readonly Command<M, F>[]
        : F['type'] extends 'json' | 'properties'
          ? unknown
          : F['type'] extends 'many2one'
            ? number | null
            : F['type'] extends 'datetime'
              ? Instant | null
              : F['type'] extends 'selection'
                ? KnownValue<F> | null
                : string | null;

/** Values to write. Which fields are needed for a new record only Odoo knows: many required ones have defaults. */
export type Values<M extends Models, N extends ModelName<M>> = { readonly [Name in FieldName<M, N>]?: WriteValue<M, M[N][Name]> };
