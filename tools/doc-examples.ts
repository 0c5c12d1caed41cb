import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Code that a reader can copy, and the lines that it prints by its comments. */
export type Example = { readonly file: string; readonly code: string; readonly prints: readonly string[] };

export type Page = { readonly name: string; readonly text: string; readonly examples: readonly Example[] };

/** A package whose pages are promises: what they show is run. */
export type Shelf = {
  readonly packageName: string;
  readonly readme: Page;
  readonly pages: readonly Page[];
  readonly data: readonly string[];
};

/**
 * The README of a package and its folder of pages, with the examples: each block of TypeScript that imports the package by its name. `data` are the paths of the JSON files beside the
 * pages, which examples import.
 */
export function shelfOf(root: string, room: string): Shelf {
  const folder = join(root, 'docs', room);
  const names = readdirSync(folder);
  const packageName = `@quartermaster/${room}`;
  return {
    packageName,
    readme: pageOf(join(root, 'packages', room, 'README.md'), `${room}-package`, packageName),
    pages: names.filter((name) => name.endsWith('.md')).map((name) => pageOf(join(folder, name), name, packageName)),
    data: names.filter((name) => name.endsWith('.json')).map((name) => join(folder, name)),
  };
}

function pageOf(path: string, name: string, packageName: string): Page {
  const text = readFileSync(path, 'utf8');
  const examples = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)]
    .map(([, code = '']) => code)
    .filter((code) => code.includes(`from '${packageName}'`))
    .map((code, index) => ({ file: `${basename(name, '.md')}-${index + 1}.ts`, code, prints: promised(code) }));
  return { name, text, examples };
}

/** The comments that directly follow a line that prints. */
function promised(code: string): string[] {
  const lines: string[] = [];
  let follows = false;
  for (const line of code.split('\n').map((each) => each.trim())) {
    if (follows && line.startsWith('//')) lines.push(line.slice('// '.length).trimEnd());
    else follows = /console\.log\(.*\);( \/\/.*)?$/.test(line);
  }
  return lines;
}
