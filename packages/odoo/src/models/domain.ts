import type { Instant } from '@quartermaster/domain';
import type { ModelField, Models } from './field.ts';
import type { Decimal, FieldName, KnownValue, ModelName } from './types.ts';

/**
 * A domain as it stands in code, checked term by term: an unknown field, an operator that the field does not have, or a value of another type is a compile error. A path may lead
 * over relations (`partner_id.country_id.code`) as far as the models are known.
 */
export type CheckedDomain<M extends Models, N extends ModelName<M>, D extends readonly unknown[]> = {
  readonly [Index in keyof D]: CheckedTerm<M, N, D[Index]>;
};

type Connective = '&' | '|' | '!';

type CheckedTerm<M extends Models, N extends ModelName<M>, T> = T extends Connective
  ? T
  : T extends readonly [infer Path extends string, infer Operator, infer Value]
    ? FieldAt<M, N, Path> extends infer F extends ModelField
      ? readonly [Path, OperatorOf<F>, ValueFor<M, F, Operator, Value>]
      : readonly [FieldName<M, N> | 'id', string, unknown]
    : readonly [FieldName<M, N> | 'id', string, unknown] | Connective;

/** The field that a path leads to, or never. */
type FieldAt<M extends Models, N extends ModelName<M>, Path extends string> = Path extends 'id'
  ? { readonly type: 'integer' }
  : Path extends FieldName<M, N>
    ? M[N][Path]
    : Path extends `${infer Head}.${infer Rest}`
      ? M[N][Head] extends { readonly relation: infer R extends ModelName<M> }
        ? FieldAt<M, R, Rest>
        : never
      : never;

type Equality = '=' | '!=' | 'in' | 'not in';
type Order = '<' | '<=' | '>' | '>=';
type Text = '=?' | 'like' | 'not like' | 'ilike' | 'not ilike' | '=like' | '=ilike';
type Relation = 'any' | 'not any' | 'child_of' | 'parent_of';

/** Operators of a field. */
export type OperatorOf<F extends ModelField> = F['type'] extends 'boolean'
  ? '=' | '!='
  : F['type'] extends 'integer' | 'float' | 'monetary' | 'date' | 'datetime' | 'many2one_reference'
    ? Equality | Order
    : F['type'] extends 'many2one' | 'one2many' | 'many2many'
      ? Equality | Relation
      : F['type'] extends 'char' | 'text' | 'html' | 'reference'
        ? Equality | Order | Text
        : Equality;

type ValueFor<M extends Models, F extends ModelField, Operator, Value> = Operator extends 'in' | 'not in'
  ? readonly Single<F>[]
  : Operator extends 'child_of' | 'parent_of'
    ? number | readonly number[]
    : Operator extends 'any' | 'not any'
      ? F extends { readonly relation: infer R extends ModelName<M> }
        ? Value extends readonly unknown[]
          ? CheckedDomain<M, R, Value>
          : readonly unknown[]
        : never
      : Single<F> | Nothing<F>;

/** A number is never nothing in Odoo. */
type Nothing<F extends ModelField> = F['type'] extends 'integer' | 'float' | 'monetary' | 'boolean' ? never : null;

type Single<F extends ModelField> = F['type'] extends 'boolean'
  ? boolean
  : F['type'] extends 'integer' | 'float' | 'many2one' | 'one2many' | 'many2many' | 'many2one_reference'
    ? number
    : F['type'] extends 'monetary'
      ? Decimal
      : F['type'] extends 'datetime'
        ? Instant
        : F['type'] extends 'selection'
          ? KnownValue<F>
          : string;
