import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anySchema } from '../testing/any-schema.ts';
import { LockError, lockOf, parseLock } from './lock.ts';
import type { Schema } from './read-schema.ts';

const lock = JSON.stringify({
  format: 'quartermaster/odoo-lock@1',
  version: 19,
  models: { 'sale.order': { name: { type: 'char', label: 'Order Reference', required: true } } },
});

describe('a lock', () => {
  test('is one field a line, in alphabetical order, whatever the order was', () => {
    const schema = {
      version: 19,
      models: {
        'sale.order': {
          state: { label: 'Status', type: 'selection', values: ['draft'] },
          name: { required: true, type: 'char', label: 'Name' },
        },
      },
    } as const satisfies Schema;
    expect(lockOf(schema).split('\n')).toEqual([
      '{',
      '  "format": "quartermaster/odoo-lock@1",',
      '  "version": 19,',
      '  "models": {',
      '    "sale.order": {',
      '      "name": {"type":"char","label":"Name","required":true},',
      '      "state": {"type":"selection","label":"Status","values":["draft"]}',
      '    }',
      '  }',
      '}',
      '',
    ]);
  });

  test('gives back what was locked', () => {
    fc.assert(
      fc.property(anySchema, (schema) => {
        expect(parseLock(lockOf(schema))).toEqual(schema);
      }),
    );
  });

  test.each([
    ['no JSON', '{', /not JSON/],
    ['of another form', lock.replace('@1', '@2'), /format: expected "quartermaster\/odoo-lock@1"/],
    ['with a type that no field has', lock.replace('"char"', '"chars"'), /models › sale.order › name › type/],
    ['with a fact that nobody knows', lock.replace('"required"', '"requried"'), /models › sale.order › name.*requried/],
    ['with a model that is no name, of which source text would be made', lock.replace('sale.order', "'};evil({'"), /models/],
  ])('that is %s is refused, and the place is named', (_what, text, place) => {
    expect(() => parseLock(text)).toThrow(LockError);
    expect(() => parseLock(text)).toThrow(place);
  });
});
