import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { flowSettings, loadConfig } from './config.ts';
import { qm } from './testing/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'quartermaster-crew-'));
const at = (file: string) => join(folder, file);
beforeAll(async () => {
  await qm('init', '--config', at('quartermaster.json'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const skus = { shipping: 's', tax: 't', discount: 'd', other: 'o' };

test('the capacity of a planning program reaches the flows: shifts of single dates from a CSV file beside the config', () => {
  writeFileSync(at('capacity.csv'), 'node,date,from,to,people\nBER,2026-11-27,06:00,22:00,12\n');

  const { crewDates } = flowSettings(loadConfig(withCrew('capacity.csv')).config, skus);

  expect(crewDates).toEqual({ BER: { '2026-11-27': [{ from: '06:00', to: '22:00', people: 12 }] } });
});

test('a file of shifts with bad rows is refused with every one of them', () => {
  writeFileSync(at('bad.csv'), 'node,date,from,to,people\nBER,27.11.2026,06:00,22:00,12\nBER,2026-11-28,6,22:00,12\n');

  expect(() => loadConfig(withCrew('bad.csv'))).toThrow(/bad.csv, row 2: date.*\n {2}bad.csv, row 3: from/);
  expect(() => loadConfig(withCrew('nowhere.csv'))).toThrow(/nowhere.csv: cannot be read/);
});

function withCrew(file: string): string {
  const config = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(at('quartermaster.json'), 'utf8')));
  writeFileSync(at('with-crew.json'), JSON.stringify({ ...config, crewDates: file }));
  return at('with-crew.json');
}
