import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { flowSettings, loadConfig } from './config.ts';
import { qm } from './testing/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'quartermaster-sides-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (file: string) => join(folder, file);

beforeEach(async () => {
  rmSync(at('quartermaster.json'), { force: true });
  await qm('init', '--config', at('quartermaster.json'));
});

const box = { name: 'M', inner: [300, 200, 200], outer: [310, 210, 215], tareGrams: 250, maxGrams: 20_000 };
const skus = { shipping: 's', tax: 't', discount: 'd', other: 'o' };

test('boxes and the sides of products reach the flows, the sides from a CSV file beside the config', () => {
  writeFileSync(at('sides.csv'), 'sku,length,width,height,fragile\nVASE,140,140,75,yes\n');
  write({ boxes: [box], productSides: 'sides.csv' });

  const { boxes, productSides } = flowSettings(loadConfig(at('quartermaster.json')).config, skus);

  expect(boxes).toMatchObject([{ name: 'M', kind: 'carton', cost: '0' }]);
  expect(productSides).toMatchObject({ VASE: { millimetres: [140, 140, 75], fragile: true, alone: false } });
});

test('a file with bad rows is refused with every one of them', () => {
  writeFileSync(at('sides.csv'), 'sku,length,width,height\nVASE,140,140,\nMUG,1.5,2,3\n');
  write({ productSides: 'sides.csv' });

  expect(() => loadConfig(at('quartermaster.json'))).toThrow(
    /sides.csv, row 2, height: is empty.*\n {2}sides.csv, row 3, length: not a whole number/,
  );
});

test('a box for a node that is not there is refused by its name', () => {
  write({ boxes: [{ ...box, stock: { MOON: 3 } }] });

  expect(() => loadConfig(at('quartermaster.json'))).toThrow('the box M is for a node MOON, which is not in the config');
});

test('how a carrier is asked for its prices reaches the flows, too', () => {
  const config = parsed();
  write({ carriers: config.carriers.map((carrier) => ({ ...carrier, quotes: { withinSeconds: 7 } })) });

  expect(flowSettings(loadConfig(at('quartermaster.json')).config, skus).carriers[0]?.quotes).toMatchObject({ withinSeconds: 7 });
});

function parsed() {
  return z.looseObject({ carriers: z.array(z.looseObject({})) }).parse(JSON.parse(readFileSync(at('quartermaster.json'), 'utf8')));
}

function write(more: object): void {
  writeFileSync(at('quartermaster.json'), JSON.stringify({ ...parsed(), ...more }));
}
