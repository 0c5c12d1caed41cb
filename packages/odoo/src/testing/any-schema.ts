import * as fc from 'fast-check';
import { fieldTypes } from '../models/field.ts';
import type { LabelledField, Schema } from '../typegen/read-schema.ts';

const name = fc.stringMatching(/^[a-z][a-z_]{0,8}$/);

/** A field with any facts. */
export const anyField: fc.Arbitrary<LabelledField> = fc.record(
  {
    type: fc.constantFrom(...fieldTypes),
    label: fc.string(),
    required: fc.constant(true as const),
    stored: fc.constant(false as const),
    relation: name,
    inverse: name,
    values: fc.uniqueArray(fc.string(), { maxLength: 3 }),
    modules: fc.uniqueArray(name, { maxLength: 2 }),
  },
  { requiredKeys: ['type', 'label'] },
);

const plain = { noNullPrototype: true } as const;

/** The schema of any database. */
export const anySchema: fc.Arbitrary<Schema> = fc.record(
  {
    version: fc.integer({ min: 16, max: 19 }),
    models: fc.dictionary(name, fc.dictionary(name, anyField, { maxKeys: 5, ...plain }), { maxKeys: 4, ...plain }),
  },
  plain,
);
