import type { ModelField, Models } from './field.ts';
import type { ModelName, Values } from './types.ts';

/** A change of a relation to many; see {@link command}. */
export type Command<M extends Models, F extends ModelField> =
  | { readonly kind: 'create'; readonly values: RelatedValues<M, F> }
  | { readonly kind: 'update'; readonly id: number; readonly values: RelatedValues<M, F> }
  | PlainCommand;

type PlainCommand =
  | { readonly kind: 'remove' | 'unlink' | 'link'; readonly id: number }
  | { readonly kind: 'clear' }
  | { readonly kind: 'set'; readonly ids: readonly number[] };

type RelatedValues<M extends Models, F extends ModelField> = F extends { readonly relation: infer R extends keyof M & string }
  ? Values<M, R>
  : never;

/** Builders of the commands by which relations to many are changed. Values are checked against the model that is named, because the relation does not say it to the compiler early enough. */
export type Commands<M extends Models> = {
  /** Makes a record and relates it. */
  create<N extends ModelName<M>>(model: N, values: Values<M, N>): { readonly kind: 'create'; readonly values: Values<M, N> };
  /** Changes a related record. */
  update<N extends ModelName<M>>(
    model: N,
    id: number,
    values: Values<M, N>,
  ): { readonly kind: 'update'; readonly id: number; readonly values: Values<M, N> };
  /** Deletes the related record itself. */
  remove(id: number): PlainCommand;
  /** Ends the relation; of a one2many whose way back is required the record is deleted. */
  unlink(id: number): PlainCommand;
  link(id: number): PlainCommand;
  /** Ends all relations. */
  clear(): PlainCommand;
  /** Relates exactly these. */
  set(ids: readonly number[]): PlainCommand;
};

export function commandsOf<M extends Models>(): Commands<M> {
  return {
    create: (_model, values) => ({ kind: 'create', values }),
    update: (_model, id, values) => ({ kind: 'update', id, values }),
    remove: (id) => ({ kind: 'remove', id }),
    unlink: (id) => ({ kind: 'unlink', id }),
    link: (id) => ({ kind: 'link', id }),
    clear: () => ({ kind: 'clear' }),
    set: (ids) => ({ kind: 'set', ids }),
  };
}
