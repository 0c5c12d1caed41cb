import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exitCodes } from '../exit.ts';
import { qm } from '../testing/command-line.ts';
import { temporaryFolder } from '../testing/processes.ts';

const folder = temporaryFolder();
const at = (name: string) => join(folder.path, name);
beforeAll(() => qm('init', '--config', at('quartermaster.json')));
afterAll(() => folder.remove());

const strict = `version: 1
name: strict
waves: ['11:00']
checks: { reviewAbove: { EUR: '50.00' } }
priorities:
  - { name: all, if: {}, lateTimes: 2 }
  - { name: express, if: { services: [express] }, lateTimes: 3 }
`;

test('lint tells each finding by its path, and fails when one is an error', async () => {
  writeFileSync(at('strict.yaml'), strict);

  expect(await policy('lint', 'policy.yaml')).toMatchObject({ code: exitCodes.ok, out: expect.stringContaining('nothing is wrong') });
  expect(await policy('lint', 'strict.yaml')).toMatchObject({
    code: exitCodes.no,
    out: 'error  priorities[1]: "express" is never reached: "all" before it takes every order that it means\n',
  });
});

test('diff says in words what would be otherwise than what is in force, or than another file', async () => {
  writeFileSync(at('strict.yaml'), strict);

  const { code, out } = await policy('diff', 'strict.yaml');

  expect(code).toBe(exitCodes.no);
  expect(out.split('\n')).toEqual(
    expect.arrayContaining([
      'waves was ["11:00","14:00","16:00"], is ["11:00"]',
      'checks.reviewAbove.EUR was "2000.00", is "50.00"',
      'safetyStock.default was 1, is 0',
    ]),
  );
  expect(await policy('diff', 'policy.yaml')).toMatchObject({ code: exitCodes.ok, out: 'They decide alike.\n' });
  expect((await policy('diff', 'strict.yaml', at('policy.yaml'))).out).toContain('safetyStock.default was 0, is 1');
});

test('the cases beside a policy are run, and what is otherwise than expected is said', async () => {
  writeFileSync(at('strict.yaml'), strict);
  writeFileSync(
    at('strict.cases.yaml'),
    `cases:
  - { name: a dear order waits, order: { total: '60.00' }, expect: { holds: [manual], priority: all } }
  - { name: a cheap one goes, order: { total: '40.00' }, expect: { holds: [manual] } }
`,
  );

  expect(await policy('test', 'strict.yaml')).toMatchObject({
    code: exitCodes.no,
    out: 'ok   a dear order waits\nno   a cheap one goes\n       holds: expected manual, and it is none\n',
  });
});

test('show tells the policy in force as a file that may be read again', async () => {
  const { out } = await qm('policy', 'show', '--config', at('quartermaster.json'));
  writeFileSync(at('shown.yaml'), out);

  expect(out).toMatch(/^# [0-9a-f]{64}\nversion: 1\nname: first\n/);
  expect(await policy('diff', 'shown.yaml')).toMatchObject({ code: exitCodes.ok });
  expect(readFileSync(at('shown.yaml'), 'utf8')).toContain('reviewAbove');
});

test('a policy that is not there, or is wrong, is named with its field', async () => {
  writeFileSync(at('wrong.yaml'), 'version: 1\nname: wrong\nwave: []\n');

  expect(await policy('lint', 'nowhere.yaml')).toMatchObject({ code: exitCodes.usage, err: expect.stringContaining('ENOENT') });
  expect(await policy('lint', 'wrong.yaml')).toMatchObject({
    code: exitCodes.usage,
    err: expect.stringContaining('wave: there is no such field'),
  });
});

async function policy(command: string, file: string, ...more: string[]) {
  return qm('policy', command, at(file), ...more, '--config', at('quartermaster.json'));
}
