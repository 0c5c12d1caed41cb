import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';

// `npm run bench -- NAME` runs one measurement; without a name it says what there is. A measurement is a `NAME.bench.ts` in the `bench` folder of a package or an app, which exports `bench`.

const root = join(import.meta.dirname, '..');
const files = new Map(
  globSync(['packages/*/bench/*.bench.ts', 'packages/*/*/bench/*.bench.ts', 'apps/*/bench/*.bench.ts'], { cwd: root }).map((file) => [
    basename(file, '.bench.ts'),
    file,
  ]),
);
const [name] = process.argv.slice(2);
const file = files.get(name ?? '');

if (file === undefined) {
  say(`npm run bench -- NAME, where NAME is one of: ${[...files.keys()].sort().join(', ')}`);
  process.exitCode = name === undefined ? 0 : 1;
} else {
  const loaded: unknown = await import(pathToFileURL(join(root, file)).href);
  if (!hasBench(loaded)) throw new Error(`${file} exports no bench`);
  await loaded.bench(process.env);
}

function hasBench(value: unknown): value is { bench(environment: NodeJS.ProcessEnv): Promise<void> } {
  return typeof value === 'object' && value !== null && 'bench' in value && typeof value.bench === 'function';
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
