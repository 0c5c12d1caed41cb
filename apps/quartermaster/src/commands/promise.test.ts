import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { exitCodes } from '../exit.ts';
import { qm } from '../testing/command-line.ts';

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quartermaster-promise-'));
  await qm('init', '--config', config());
  const json = z
    .looseObject({ nodes: z.array(z.looseObject({})), carriers: z.array(z.looseObject({})) })
    .parse(JSON.parse(readFileSync(config(), 'utf8')));
  const holidays = [{ name: 'Christmas Day', every: '12-25' }];
  writeFileSync(
    config(),
    JSON.stringify({
      ...json,
      nodes: json.nodes.map((node) => ({ ...node, cutoff: '15:00', calendar: { holidays } })),
      carriers: json.carriers.map((carrier) => ({ ...carrier, calendar: { holidays, delay: { '90': 0 } } })),
      // In the place of the policy file, which has other waves.
      policy: undefined,
      waves: ['11:00', '14:30'],
    }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('tells the day, until when ordered, how sure, and why', async () => {
  const { code, out } = await qm('promise', 'DE', '10115', '--config', config(), '--at', '2026-12-24T11:20:00Z', '--why');
  expect(code).toBe(exitCodes.ok);
  expect(out).toContain('2026-12-28  order within 2 h 10 min  2026-12-24T13:30:00.000Z  90 %');
  expect(out).toContain('2026-12-25: does not count (Christmas Day)');
});

test('ends with 1 when nothing goes there', async () => {
  writeFileSync(join(folder, 'far.json'), readFileSync(config(), 'utf8').replaceAll('"to":"*"', '"to":{"country":"AT"}'));
  const answer = await qm('promise', 'NZ', '--config', join(folder, 'far.json'));
  expect(answer).toMatchObject({ code: exitCodes.no, out: 'no service goes there\n' });
});

test('refuses a country or a moment that is none, and a holiday that no year has', async () => {
  expect(await qm('promise', 'Germany', '--config', config())).toMatchObject({ code: exitCodes.usage });
  expect((await qm('promise', 'DE', '--config', config(), '--at', 'today')).err).toContain('--at');
  writeFileSync(join(folder, 'wrong.json'), readFileSync(config(), 'utf8').replaceAll('12-25', '13-25'));
  const { code, err } = await qm('promise', 'DE', '--config', join(folder, 'wrong.json'));
  expect(code).toBe(exitCodes.usage);
  expect(err).toContain('nodes[0].calendar.holidays[0]');
});

function config(): string {
  return join(folder, 'quartermaster.json');
}
