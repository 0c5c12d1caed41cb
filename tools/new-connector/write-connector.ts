import { cpSync, existsSync, globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { manifestOf } from './manifest.ts';

export type Written = { readonly kind: 'written'; readonly dir: string } | { readonly kind: 'refused'; readonly reason: string };

/** The connector that a new one is copied from: a whole one, of a vendor that does not exist. It is typechecked, linted and held to the suite where it stands. */
const pattern = join(import.meta.dirname, 'channel');

const manifestSchema = z.object({ name: z.string(), version: z.string(), dependencies: z.record(z.string(), z.string()).default({}) });

/** Words that say nothing of what is inside; no file or folder may be called so. */
const empty = ['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'manager', 'managers', 'sandbox', 'testing', 'channel', 'example'];

/** Writes a new channel connector below `packages/channels` of a workspace. Nothing that is there is written over. */
export function writeConnector(given: { readonly root: string; readonly kind: string; readonly name: string }): Written {
  const { root, kind, name } = given;
  if (kind !== 'channel') return refused(`${JSON.stringify(kind)} is no kind of connector that can be written: say "channel"`);
  const words = name.split('-');
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) || name.length > 40)
    return refused(`${JSON.stringify(name)} is no name: small letters, digits and single dashes, beginning with a letter, at most 40`);
  if (words.some((word) => empty.includes(word))) return refused(`"${name}" says nothing of the vendor: call it as the vendor is called`);
  const dir = `packages/channels/${name}`;
  if (existsSync(join(root, dir))) return refused(`${dir} is there already`);
  const packageName = `@quartermaster/${name}`;
  const owner = manifestPaths(root).find((path) => manifestAt(join(root, path)).name === packageName);
  if (owner !== undefined) return refused(`${dirname(owner)} is called ${packageName} already`);

  const title = words.map(capital).join(' ');
  const renamed = (text: string) =>
    text
      .replaceAll('ExampleVendor', words.map(capital).join(''))
      .replaceAll('exampleVendor', [words[0] ?? '', ...words.slice(1).map(capital)].join(''))
      .replaceAll('example-vendor', name)
      .replaceAll('Example Vendor', title);
  for (const path of pathsBelow('')) {
    const target = join(root, dir, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, renamed(readFileSync(join(pattern, path), 'utf8')));
  }
  const kit = manifestAt(join(root, 'packages/connector-kit/package.json'));
  const versions = { own: kit.version, zod: kit.dependencies['zod'] ?? '*' };
  writeFileSync(join(root, dir, 'package.json'), manifestOf({ packageName, title, versions }));
  writeFileSync(join(root, dir, 'tsconfig.build.json'), '{ "extends": "../../../tsconfig.build.json" }\n');
  cpSync(join(root, 'LICENSE'), join(root, dir, 'LICENSE'));
  return { kind: 'written', dir };
}

function pathsBelow(folder: string): string[] {
  return readdirSync(join(pattern, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? pathsBelow(path) : [path];
  });
}

function manifestPaths(root: string): string[] {
  return ['packages/*/package.json', 'packages/*/*/package.json', 'apps/*/package.json'].flatMap((where) => globSync(where, { cwd: root }));
}

function manifestAt(path: string): z.infer<typeof manifestSchema> {
  return manifestSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

function capital(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}

function refused(reason: string): Written {
  return { kind: 'refused', reason };
}
