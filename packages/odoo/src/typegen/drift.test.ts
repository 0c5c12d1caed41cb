import { describe, expect, test } from 'vitest';
import type { LabelledField } from './read-schema.ts';
import { compareSchemas, type Comparable } from './drift.ts';

const char = (label: string): LabelledField => ({ type: 'char', label });
const partner: LabelledField = { type: 'many2one', label: 'Customer', relation: 'res.partner', required: true };

function order(fields: Record<string, LabelledField>): Comparable {
  return { models: { 'sale.order': fields } };
}

describe('a field that is gone', () => {
  test.each([
    ['has its label now', { name: char('Name'), buyer: partner }, 'buyer'],
    ['leads where it led, alone', { name: char('Name'), buyer_id: { ...partner, label: 'Buyer' } }, 'buyer_id'],
    [
      'contains its name',
      { name: char('Name'), x_partner_ids: { ...partner, label: 'P' }, other_id: { ...partner, label: 'O' } },
      'x_partner_ids',
    ],
  ])('was perhaps renamed to the new field that %s', (_what, now, perhaps) => {
    const found = compareSchemas(order({ name: char('Name'), partner_id: partner }), order(now));
    expect(found).toMatchObject([{ kind: 'field-missing', severity: 'breaks', field: 'partner_id', perhaps }]);
    expect(found[0]?.what).toBe(`sale.order.partner_id is gone, or this user may not see it, perhaps renamed to ${perhaps}`);
  });

  test('was not renamed to a field that was there before, nor to one of two that are alike', () => {
    const lock = order({ partner_id: partner, partner_shipping_id: { ...partner, label: 'Delivery Address' } });
    const two = { buyer_id: { ...partner, label: 'A' }, payer_id: { ...partner, label: 'B' } };
    expect(compareSchemas(lock, order({ partner_shipping_id: { ...partner, label: 'Delivery Address' } }))).toMatchObject([
      { perhaps: null },
    ]);
    expect(compareSchemas(order({ partner_id: partner }), order(two))).toMatchObject([{ perhaps: null }]);
  });
});

describe('values of a selection', () => {
  const state = (...values: string[]): Comparable => order({ state: { type: 'selection', label: 'Status', values } });

  test('that are gone break, and those that came are told', () => {
    const found = compareSchemas(state('draft', 'done'), state('draft', 'sale'));
    expect(found.map(({ kind, severity, what }) => [kind, severity, what])).toEqual([
      ['value-gone', 'breaks', 'sale.order.state does not take the value done any more'],
      ['value-added', 'tells', 'sale.order.state also takes the value sale now'],
    ]);
  });

  test('that nobody wrote down, such as languages, are not compared', () => {
    expect(
      compareSchemas(
        order({ lang: { type: 'selection', label: 'Language' } }),
        order({ lang: { type: 'selection', label: 'Language', values: ['fr_FR'] } }),
      ),
    ).toEqual([]);
  });
});

describe('a model that is gone', () => {
  const batches: Comparable = { models: { 'stock.picking.batch': { name: { ...char('Batch'), modules: ['stock_picking_batch'] } } } };

  test('breaks where its module is installed', () => {
    expect(compareSchemas(batches, { models: {} }, new Set(['stock_picking_batch']))).toMatchObject([
      { kind: 'model-missing', severity: 'breaks' },
    ]);
  });

  test('breaks where nobody may see what is installed, and something else of its module is there', () => {
    const picking = { batch_id: { ...char('Batch'), modules: ['stock_picking_batch'] } };
    const lock = { models: { ...batches.models, 'stock.picking': picking } };
    expect(compareSchemas(lock, { models: { 'stock.picking': picking } }, null)).toMatchObject([
      { kind: 'model-missing', severity: 'breaks' },
    ]);
  });

  test('is told where nobody may see what is installed, and nothing of its module is there', () => {
    const lock = {
      models: {
        ...batches.models,
        'stock.picking': { name: char('Name'), batch_id: { ...char('Batch'), modules: ['stock_picking_batch'] } },
      },
    };
    expect(compareSchemas(lock, { models: { 'stock.picking': { name: char('Name') } } }, null)).toMatchObject([
      { kind: 'not-installed', field: 'batch_id', severity: 'tells' },
      { kind: 'not-installed', model: 'stock.picking.batch', severity: 'tells' },
    ]);
    expect(
      compareSchemas(lock, { models: { 'stock.picking.batch': batches.models['stock.picking.batch'] ?? {}, 'stock.picking': {} } }, null),
    ).toMatchObject([
      { kind: 'field-missing', field: 'batch_id' },
      { kind: 'field-missing', field: 'name' },
    ]);
  });

  test('is told where its module is not installed', () => {
    expect(compareSchemas(batches, { models: {} }, new Set(['stock']))).toMatchObject([
      { kind: 'not-installed', what: 'stock.picking.batch is not there, because stock_picking_batch is not installed' },
    ]);
  });
});
