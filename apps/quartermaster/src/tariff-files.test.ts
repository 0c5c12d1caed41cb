import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { exitCodes } from './exit.ts';
import { loadConfig } from './config.ts';
import { qm } from './testing/command-line.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quartermaster-tariffs-'));
  mkdirSync(join(folder, 'rates'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const csv = { services: 'rates/services.csv', zones: 'rates/zones.csv', rates: 'rates/rates.csv', fuel: 'rates/fuel.csv' };
const head = { id: 'post', carrier: 'Post', currency: 'EUR', effectiveFrom: '2026-01-01' };

beforeEach(async () => {
  rmSync(at('quartermaster.json'), { force: true });
  await qm('init', '--config', at('quartermaster.json'));
  writeFileSync(at(csv.services), 'service,max_weight\nparcel,31.5\n');
  writeFileSync(at(csv.zones), 'country,postal_prefix,zone\nDE,,home\nDE,25,island\n');
  writeFileSync(at(csv.rates), 'service;zone;max_weight;price\nparcel;home;2;4,10\nparcel;home;31,5;7,90\nparcel;island;31,5;14\n');
  writeFileSync(at(csv.fuel), 'effective_from,percent\n2026-01-01,12.5\n');
});

describe('a tariff in CSV files', () => {
  test('is read from beside the config, as if it stood in it', () => {
    name({ ...head, csv });
    const [carrier] = loadConfig(at('quartermaster.json')).config.carriers;
    expect(carrier?.tariff).toMatchObject({ id: 'post', services: [{ id: 'parcel', fuel: [{ percent: '12.5' }] }] });
    expect(carrier?.tariff.services[0]?.prices[0]).toMatchObject({ bands: [{ minor: 410 }, { minor: 790 }] });
  });

  test('is told by its figures', async () => {
    name({ ...head, csv });
    const { code, out } = await qm('tariffs', '--config', at('quartermaster.json'));
    expect(code).toBe(exitCodes.ok);
    expect(out.split('\n')[1]).toMatch(/post +parcel +2 +2 +3 +0 +12.5 +2026-01-01 +2026-01-01 +-$/);
  });

  test('that is over is told, with exit code 1', async () => {
    name({ ...head, effectiveTo: '2026-01-31', csv });
    const { code, out } = await qm('tariffs', '--config', at('quartermaster.json'));
    expect(code).toBe(exitCodes.no);
    expect(out).toContain('the tariff post does not hold today');
  });

  test('with bad rows is refused with every one of them, in all files', async () => {
    writeFileSync(at(csv.rates), 'service,zone,max_weight,price\nparcel,home,2,cheap\nparcel,home,31.5,7.90\nparcel,island,0,14\n');
    writeFileSync(at(csv.fuel), 'effective_from,percent\n2026-13-01,12.5\n');
    name({ ...head, csv });
    const { code, err } = await qm('tariffs', '--config', at('quartermaster.json'));
    expect(code).toBe(exitCodes.usage);
    expect(err.trim().split('\n').slice(1)).toEqual([
      '  rates/rates.csv, row 2, price: not a number: "cheap"',
      '  rates/rates.csv, row 4, max_weight: must be above 0',
      '  rates/fuel.csv, row 2, effective_from: not a day such as 2026-11-21: "2026-13-01"',
    ]);
  });

  test('names what is missing, files and fields', async () => {
    name({ ...head, csv: { ...csv, fuel: 'rates/nowhere.csv' } });
    expect((await qm('tariffs', '--config', at('quartermaster.json'))).err).toContain('rates/nowhere.csv: cannot be read (ENOENT)');
    name({ id: 'post', csv: { services: 'a.csv' } });
    const { code, err } = await qm('tariffs', '--config', at('quartermaster.json'));
    expect(code).toBe(exitCodes.usage);
    expect(err).toContain('carriers[0].tariff.csv.zones:');
    expect(err).toContain('carriers[0].tariff.carrier:');
  });

  test('may be written by an old office program', () => {
    writeFileSync(at(csv.services), Buffer.from('service,max_weight,name\nparcel,31.5,P\xe4ckchen\n', 'latin1'));
    name({ ...head, csv });
    expect(loadConfig(at('quartermaster.json')).config.carriers[0]?.tariff.services[0]?.name).toBe('Päckchen');
  });
});

const configSchema = z.looseObject({ carriers: z.array(z.looseObject({})) });

/** Puts a tariff in the place of the first carrier's. */
function name(tariff: object): void {
  const config = configSchema.parse(JSON.parse(readFileSync(at('quartermaster.json'), 'utf8')));
  const carriers = config.carriers.map((carrier, place) => (place === 0 ? { ...carrier, tariff } : carrier));
  writeFileSync(at('quartermaster.json'), JSON.stringify({ ...config, carriers }));
}

function at(...parts: string[]): string {
  return join(folder, ...parts);
}
