import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyField, anySchema } from '../testing/any-schema.ts';
import { compareSchemas, type DriftKind } from './drift.ts';
import type { LabelledField, Schema } from './read-schema.ts';

test('nothing drifted from itself', () => {
  fc.assert(
    fc.property(anySchema, (schema) => {
      expect(compareSchemas(schema, schema)).toEqual([]);
    }),
  );
});

test('what a database has more than the lock is no drift', () => {
  fc.assert(
    fc.property(anySchema, anySchema, (lock, more) => {
      expect(compareSchemas(lock, { models: { ...more.models, ...lock.models } })).toEqual([]);
    }),
  );
});

/** A schema with one field that a change is planted in. */
const planted = fc
  .tuple(anySchema, anyField, anyField)
  .map(([schema, before, after]) => ({ schema, before, after, lock: having(schema, before), live: having(schema, after) }));

test('a field that went is named, and nothing else is', () => {
  fc.assert(
    fc.property(planted, ({ schema, lock }) => {
      const found = compareSchemas(lock, { models: { ...schema.models, 'x.model': {} } });
      expect(found.map(({ kind, model, field }) => [kind, model, field])).toEqual([['field-missing', 'x.model', 'x_field']]);
    }),
  );
});

test('a field that became another one is named, by what is other about it', () => {
  fc.assert(
    fc.property(planted, ({ lock, live, before, after }) => {
      const found = compareSchemas(lock, live);
      expect(found.every(({ model, field }) => model === 'x.model' && field === 'x_field')).toBe(true);
      expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(kindsBetween(before, after)));
    }),
  );
});

test('a field of modules that are not installed is told and does not break', () => {
  fc.assert(
    fc.property(planted, ({ schema, lock, before }) => {
      fc.pre(before.modules !== undefined && before.modules.length > 0);
      const found = compareSchemas(lock, { models: { ...schema.models, 'x.model': {} } }, new Set());
      expect(found).toMatchObject([{ kind: 'not-installed', severity: 'tells', field: 'x_field' }]);
    }),
  );
});

/** What is other about a field, as a reader would say it. */
function kindsBetween(before: LabelledField, after: LabelledField): DriftKind[] {
  if (before.type !== after.type) return ['type-changed'];
  if (before.relation !== after.relation) return ['relation-changed'];
  const kinds: readonly (readonly [DriftKind, boolean])[] = [
    ['now-required', before.required !== true && after.required === true],
    ['no-longer-required', before.required === true && after.required !== true],
    ['no-longer-stored', before.stored !== false && after.stored === false],
    ['value-gone', lacks(after.values, before.values)],
    ['value-added', lacks(before.values, after.values)],
  ];
  return kinds.filter(([, is]) => is).map(([kind]) => kind);
}

/** Whether some of `wanted` are not in `values`; never where either was not written down. */
function lacks(values: readonly string[] | undefined, wanted: readonly string[] | undefined): boolean {
  return values !== undefined && wanted !== undefined && wanted.some((value) => !values.includes(value));
}

function having(schema: Schema, field: LabelledField): Schema {
  return { ...schema, models: { ...schema.models, 'x.model': { x_field: field } } };
}
