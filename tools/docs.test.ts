import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { format, promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { shelfOf } from './doc-examples.ts';

// What the pages and READMEs show is run, and must print what they say.

const root = join(import.meta.dirname, '..');

describe.each(['odoo', 'sourcing'])('the examples of %s', (room) => {
  const { pages, readme, data } = shelfOf(root, room);
  const examples = [...pages, readme].flatMap((page) => page.examples);
  let folder = '';
  beforeAll(() => {
    // Inside of the workspace, where the packages are found by their names, and in the folder that git and the other tests pass over.
    const dist = join(root, 'packages', room, 'dist');
    mkdirSync(dist, { recursive: true });
    folder = mkdtempSync(join(dist, 'docs-'));
    for (const { file, code } of examples) writeFileSync(join(folder, file), code);
    for (const path of data) copyFileSync(path, join(folder, basename(path)));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(examples)('$file prints what stands below it', async ({ file, prints }) => {
    const lines: string[] = [];
    using _listening = vi.spyOn(console, 'log').mockImplementation((...values) => lines.push(...format(...values).split('\n')));
    await import(join(folder, file));
    expect(lines.map((line) => line.trimEnd())).toEqual(prints);
  });

  test('compile as strictly as this repository does', async () => {
    const settings = { extends: join(root, 'tsconfig.json'), include: ['.'], compilerOptions: { noEmit: true, resolveJsonModule: true } };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
    const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
    const compiler = manifest.replace('package.json', 'bin/tsc');
    const complaints = await promisify(execFile)(process.execPath, [compiler, '-p', folder]).then(
      () => '',
      (error: unknown) => (error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error)),
    );
    expect(complaints.split('\n')).toEqual(['']);
  }, 60_000);

  test('are on every page but the index', () => {
    expect(pages.filter((page) => page.examples.length === 0).map((page) => page.name)).toEqual(['README.md']);
    expect(readme.examples).not.toEqual([]);
  });

  test('are on pages that the index leads to', () => {
    const index = pages.find((page) => page.name === 'README.md')?.text ?? '';
    const linked = [...index.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, name = '']) => name);
    expect([...linked, 'README.md'].toSorted()).toEqual(pages.map((page) => page.name).toSorted());
  });
});
