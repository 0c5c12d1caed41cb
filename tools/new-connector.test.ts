import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  facesWithLogic,
  importsAroundTheDoor,
  namelessFiles,
  sandboxesInProduct,
  undeclaredImports,
  unusedDependencies,
} from './architecture.ts';
import { writeConnector } from './new-connector/write-connector.ts';
import { missingPapers } from './papers.ts';
import { readProject } from './workspace.ts';

// In a workspace of its own, so that the tests that read the real one do not see a package come and go.

const root = join(import.meta.dirname, '..');
const node = promisify(execFile);
let workspace = '';

beforeAll(() => {
  workspace = realpathSync(mkdtempSync(join(tmpdir(), 'new-connector-')));
  for (const file of [
    'package.json',
    'LICENSE',
    '.oxlintrc.json',
    '.oxfmtrc.json',
    'tsconfig.base.json',
    'vitest.config.ts',
    'tools/fixed-seed.ts',
  ])
    cpSync(join(root, file), join(workspace, file), { recursive: true });
  for (const name of ['connector-kit', 'channels/shopify']) {
    mkdirSync(join(workspace, 'packages', name), { recursive: true });
    cpSync(join(root, 'packages', name, 'package.json'), join(workspace, 'packages', name, 'package.json'));
  }
  symlinkSync(join(root, 'node_modules'), join(workspace, 'node_modules'), 'junction');
  const settings = { extends: './tsconfig.base.json', include: ['packages/*/*/src'] };
  writeFileSync(join(workspace, 'tsconfig.json'), JSON.stringify(settings));
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

test.each([
  ['a kind that there is none of', 'spaceship', 'acme', 'no kind of connector'],
  ['a name with capitals', 'channel', 'OttoMarket', 'no name'],
  ['a name that leads out of the folder', 'channel', '../acme', 'no name'],
  ['a name with a dash at its end', 'channel', 'acme-', 'no name'],
  ['a name that says nothing', 'channel', 'common', 'says nothing'],
  ['a folder that is there', 'channel', 'shopify', 'is there already'],
  ['a name that another package has', 'channel', 'connector-kit', 'is called @quartermaster/connector-kit already'],
])('%s is refused, and nothing is written', (_title, kind, name, reason) => {
  const before = readdirSync(join(workspace, 'packages'), { recursive: true });
  expect(writeConnector({ root: workspace, kind, name })).toEqual({ kind: 'refused', reason: expect.stringContaining(reason) });
  expect(readdirSync(join(workspace, 'packages'), { recursive: true })).toEqual(before);
});

describe('a connector as it is written', () => {
  const dir = 'packages/channels/otto-market';
  let said = '';
  beforeAll(async () => {
    said = (await node(process.execPath, [join(root, 'tools/new-connector.ts'), 'channel', 'otto-market'], { cwd: workspace })).stdout;
  });

  test('says what to do next', () => {
    expect(said).toContain('npm install');
  });

  test('is called by its vendor everywhere', () => {
    const files = readdirSync(join(workspace, dir), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const left = files.filter(({ parentPath, name }) => /example.?vendor/i.test(readFileSync(join(parentPath, name), 'utf8')));
    expect(left.map(({ name }) => name)).toEqual([]);
    expect(readFileSync(join(workspace, dir, 'src/index.ts'), 'utf8')).toContain('ottoMarketChannel, type OttoMarketChannelOptions');
  });

  test('keeps the rules of the house', () => {
    const house = readProject(workspace);
    const rules = [
      facesWithLogic,
      importsAroundTheDoor,
      namelessFiles,
      sandboxesInProduct,
      undeclaredImports,
      unusedDependencies,
      missingPapers,
    ];
    expect(rules.flatMap((rule) => rule(house)).filter((line) => line.includes(dir))).toEqual([]);
  });

  test.each([
    ['compiles', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json']],
    ['is formatted', ['node_modules/oxfmt/bin/oxfmt', '--check', dir]],
    ['is linted', ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings', dir]],
    ['passes the part of the suite that it declares', ['node_modules/vitest/vitest.mjs', 'run', '--dir', dir]],
  ])(
    '%s',
    async (_title, command) => {
      const failure = await node(process.execPath, command, { cwd: workspace, env: { ...process.env, CI: 'true' } }).then(
        () => '',
        (error: unknown) => (error instanceof Error && 'stdout' in error ? `${String(error.stdout)}${error.message}` : String(error)),
      );
      expect(failure).toBe('');
    },
    60_000,
  );
});
