import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { format, promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { operationSafety } from './operations/odoo-operations.ts';

// The pages of docs/odoo and the README are promises: what they show is run, and what they list is compared with the code.

const packageFolder = join(import.meta.dirname, '..');
const root = join(packageFolder, '../..');
const pagesFolder = join(root, 'docs/odoo');
const pages = readdirSync(pagesFolder)
  .filter((name) => name.endsWith('.md'))
  .map((name) => pageOf(join(pagesFolder, name), name));
const readme = pageOf(join(packageFolder, 'README.md'), 'package');

type Page = { readonly name: string; readonly text: string; readonly examples: readonly Example[] };

/** Code that a reader can copy, and the lines that it prints by its comments. */
type Example = { readonly file: string; readonly code: string; readonly prints: readonly string[] };

function pageOf(path: string, name: string): Page {
  const text = readFileSync(path, 'utf8');
  const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
  const examples = blocks
    .filter((code) => code.includes("from '@quartermaster/odoo'"))
    .map((code, index) => ({ file: `${basename(name, '.md')}-${index + 1}.ts`, code, prints: promised(code) }));
  return { name, text, examples };
}

/** The comments that directly follow a line that prints. */
function promised(code: string): string[] {
  const lines: string[] = [];
  let follows = false;
  for (const line of code.split('\n').map((each) => each.trim())) {
    if (follows && line.startsWith('//')) lines.push(line.slice('// '.length));
    else follows = /console\.log\(.*\);( \/\/.*)?$/.test(line);
  }
  return lines;
}

describe('the examples of the pages', () => {
  const examples = [...pages, readme].flatMap((page) => page.examples);
  let folder = '';
  beforeAll(() => {
    // Inside of the workspace, where the packages are found by their names, and in the folder that git and the other tests pass over.
    mkdirSync(join(packageFolder, 'dist'), { recursive: true });
    folder = mkdtempSync(join(packageFolder, 'dist/docs-'));
    for (const { file, code } of examples) writeFileSync(join(folder, file), code);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(examples)('$file prints what stands below it', async ({ file, prints }) => {
    const lines: string[] = [];
    using _listening = vi.spyOn(console, 'log').mockImplementation((...values) => lines.push(...format(...values).split('\n')));
    await import(join(folder, file));
    expect(lines.map((line) => line.trimEnd())).toEqual(prints);
  });

  test('compile as strictly as this repository does', async () => {
    const settings = { extends: join(root, 'tsconfig.json'), include: ['.'], compilerOptions: { noEmit: true } };
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
});

describe('the pages', () => {
  test('list every operation once, with the safety that the code declares', () => {
    const listed = pages.flatMap(({ text }) =>
      [...text.matchAll(/^\| `(\w+\.\w+)` \| ([\w-]+) \|/gm)].map(([, name = '', safety = '']) => `${name}: ${safety}`),
    );
    const declared = Object.entries(operationSafety).map(([name, safety]) => `${name}: ${safety}`);
    expect(listed.toSorted()).toEqual(declared.toSorted());
  });

  test('lead to pages that are there', () => {
    const index = pages.find((page) => page.name === 'README.md')?.text ?? '';
    const linked = [...index.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, name = '']) => name);
    expect([...linked, 'README.md'].toSorted()).toEqual(pages.map((page) => page.name).toSorted());
  });
});
