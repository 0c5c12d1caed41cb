import { expect, test } from 'vitest';
import { connectOdoo } from '../client/client.ts';
import { curatedOf } from '../models/curated-of.ts';
import { optionsFor, shopFloor } from '../testing/shop-floor.ts';
import { readDrift, restrictTo } from '../typegen/read-drift.ts';
import { fieldsInUse } from '../erp/used-fields.ts';
import { curatedModels } from '../typegen/wanted.ts';

test.each([17, 18, 19] as const)('what the sandbox of Odoo %i has is of the type that the real one says', async (version) => {
  const client = await connectOdoo(optionsFor(shopFloor(version)));
  const drift = await readDrift(client, restrictTo({ models: curatedOf(version) ?? {} }, curatedModels));
  expect(drift.filter(({ kind }) => !['model-missing', 'field-missing'].includes(kind)).map((each) => each.what)).toEqual([]);
});

test.each([17, 18, 19] as const)('the sandbox of Odoo %i has every field that the connector uses', async (version) => {
  const client = await connectOdoo(optionsFor(shopFloor(version)));
  const drift = await readDrift(client, restrictTo({ models: curatedOf(version) ?? {} }, fieldsInUse));
  expect(drift.filter(({ severity }) => severity === 'breaks').map((each) => each.what)).toEqual([]);
});
