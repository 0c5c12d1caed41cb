import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { shelfOf } from './doc-examples.ts';
import { isWorkspace, readProject, type ProjectPackage } from './workspace.ts';

/**
 * Takes the packages as a stranger gets them: builds (from nothing, so that no old file is left in them) and packs those that are published, installs the tarballs together in an empty project, typechecks a file that imports every
 * door of them (`nodenext`, strict, their declarations too), loads every door, and runs the examples of the optimizer's README and pages (with both solvers), with the Node that runs this script.
 * Prints a table; exits with 1 when anything of it fails.
 *
 * Not a test of `npm test`: it builds everything and fetches the dependencies.
 */
const root = join(import.meta.dirname, '..');
const project = readProject(root);
const published = project.packages.filter(({ dir, manifest }) => !manifest.private && isWorkspace(project, dir));

type Row = { readonly door: string; readonly size: string; readonly types: string; readonly loads: string };

process.exitCode = main();

function main(): number {
  for (const { dir } of published) rmSync(join(root, dir, 'dist'), { recursive: true, force: true });
  run(
    process.execPath,
    [commandFile('nx'), 'run-many', '-t', 'build', ...(process.argv.includes('--fresh') ? ['--skip-nx-cache'] : [])],
    root,
  );
  const folder = mkdtempSync(join(tmpdir(), 'pack-check-'));
  try {
    const packed = new Map(published.map((one) => [one.dir, pack(one, folder)] as const));
    const stranger = join(folder, 'stranger');
    install(
      stranger,
      [...packed.values()].map(({ file }) => file),
    );
    const typeFaults = typecheck(stranger);
    const rows = published.flatMap((one) => {
      const size = `${Math.round((packed.get(one.dir)?.bytes ?? 0) / 1024)} kB`;
      return doorsOf(one).map((door) => ({ door, size, types: typesOf(door, typeFaults), loads: load(door, stranger) }));
    });
    print(rows);
    const untrue = untrueExamples(stranger);
    const unfit = [...packed].flatMap(([dir, tarball]) => tarball.unfit.map((what) => `${dir}: the tarball ${what}`));
    for (const line of [...unfit, ...untrue, ...typeFaults.slice(0, 20)]) process.stdout.write(`${line}\n`);
    return unfit.length === 0 &&
      untrue.length === 0 &&
      typeFaults.length === 0 &&
      rows.every(({ types, loads }) => types === 'ok' && loads.startsWith('ok'))
      ? 0
      : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A package's specifiers: `@quartermaster/odoo`, `@quartermaster/odoo/sandbox`. What only our own tests go through (`./testing`) is not packed. */
function doorsOf({ manifest }: ProjectPackage): string[] {
  return manifest.exports.filter((subpath) => subpath !== './testing').map((subpath) => `${manifest.name}${subpath.slice(1)}`);
}

/** Packs one package. `unfit` names what is in the tarball and should not be, or the other way round. */
function pack(one: ProjectPackage, folder: string): { file: string; bytes: number; unfit: string[] } {
  const json: unknown = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], join(root, one.dir)));
  const [entry] = Array.isArray(json) ? json : Object.values(typeof json === 'object' && json !== null ? json : {});
  if (!isPackEntry(entry)) throw new Error(`npm pack says nothing of ${one.dir}`);
  const paths = entry.files.map(({ path }) => path);
  const needed = ['package.json', 'README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts']
    .filter((path) => !paths.includes(path))
    .map((path) => `has no ${path}`);
  const stray = paths.filter((path) => /\.test\.|\.tsbuildinfo$|(?:^|\/)\.env|\/testing\//.test(path));
  return { file: join(folder, entry.filename), bytes: entry.size, unfit: [...needed, ...stray.map((path) => `has ${path}`)] };
}

type PackEntry = { filename: string; size: number; files: { path: string }[] };

function isPackEntry(value: unknown): value is PackEntry {
  return (
    typeof value === 'object' && value !== null && 'filename' in value && 'size' in value && 'files' in value && Array.isArray(value.files)
  );
}

/** The stranger's project: the tarballs, and the types of Node that their declarations may name. */
function install(stranger: string, tarballs: readonly string[]): void {
  const versions: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const nodeTypes = /"@types\/node":"([^"]+)"/.exec(JSON.stringify(versions))?.[1] ?? 'latest';
  mkdirSync(stranger);
  writeFileSync(join(stranger, 'package.json'), JSON.stringify({ name: 'stranger', private: true, type: 'module' }));
  npm(
    ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...tarballs.map((file) => `file:${file}`), `@types/node@${nodeTypes}`],
    stranger,
  );
}

/** Lines of tsc that name an error; none when all is well. */
function typecheck(stranger: string): string[] {
  const doors = published.flatMap(doorsOf);
  writeFileSync(
    join(stranger, 'doors.ts'),
    [
      ...doors.map((door, index) => `import * as door${index} from '${door}';`),
      `export const doors = [${doors.map((_door, index) => `door${index}`).join(', ')}];`,
      '',
    ].join('\n'),
  );
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2024',
    lib: ['es2024'],
    types: ['node'],
    strict: true,
    skipLibCheck: false,
    noEmit: true,
  };
  writeFileSync(join(stranger, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['doors.ts'] }));
  const { output } = attempt(process.execPath, [commandFile('tsc'), '-p', '.'], stranger);
  return output.split('\n').filter((line) => line.includes('error TS'));
}

function typesOf(door: string, faults: readonly string[]): string {
  const own = faults.filter(
    (line) => line.includes(`'${door}'`) || line.includes(`node_modules/${door.split('/').slice(0, 2).join('/')}/`),
  );
  return own.length === 0 ? 'ok' : `${own.length} errors`;
}

/** Loads a door in a process of its own and counts its names. A door may well have types alone. */
function load(door: string, stranger: string): string {
  const script = `process.stdout.write(String(Object.keys(await import(${JSON.stringify(door)})).length))`;
  const { ok, output } = attempt(process.execPath, ['--input-type=module', '--eval', script], stranger);
  const reason = output.split('\n').find((line) => /Error\b/.test(line)) ?? output.slice(0, 200);
  return ok ? `ok, ${output} names` : reason.trim();
}

/** The examples of the optimizer that do not print what stands below them where the packages are installed. They are plain JavaScript, so that any Node runs them. */
function untrueExamples(stranger: string): string[] {
  const { pages, readme, data } = shelfOf(root, 'sourcing');
  for (const path of data) copyFileSync(path, join(stranger, basename(path)));
  const examples = [...pages, readme].flatMap((page) => page.examples);
  // What HiGHS proves, glpk.js proves too.
  const withGlpk = examples
    .filter(({ code }) => code.includes("from '@quartermaster/solver-highs'"))
    .map((example) => ({ ...example, file: `glpk-${example.file}`, code: example.code.replaceAll('highs', 'glpk') }));
  return [...examples, ...withGlpk].flatMap(({ file, code, prints }) => {
    const script = join(stranger, file.replace(/\.ts$/, '.mjs'));
    writeFileSync(script, code);
    const { ok, output } = attempt(process.execPath, ['--no-warnings', script], stranger);
    const printed = output.split('\n').map((line) => line.trimEnd());
    return ok && printed.join('\n').trimEnd() === prints.join('\n')
      ? []
      : [`the example ${file} prints ${JSON.stringify(output.slice(0, 500))}`];
  });
}

function print(rows: readonly Row[]): void {
  const table = [{ door: 'door', size: 'packed', types: 'types', loads: `loads in Node ${process.versions.node}` }, ...rows];
  const width = (column: keyof Row) => Math.max(...table.map((row) => row[column].length));
  for (const row of table) {
    process.stdout.write(
      `${row.door.padEnd(width('door'))}  ${row.size.padStart(width('size'))}  ${row.types.padEnd(width('types'))}  ${row.loads}\n`,
    );
  }
}

/** The script of a command of the root, to be run by this Node whatever `node` the path has. */
function commandFile(name: string): string {
  return realpathSync(join(root, 'node_modules/.bin', name));
}

/** npm as it stands next to the Node that runs, or as npm itself says when it runs this script. */
function npm(args: readonly string[], cwd: string): string {
  const cli = process.env['npm_execpath'];
  return cli === undefined ? run('npm', args, cwd) : run(process.execPath, [cli, ...args], cwd);
}

function run(command: string, args: readonly string[], cwd: string): string {
  const { ok, output } = attempt(command, args, cwd);
  if (!ok) throw new Error(`${[command, ...args].join(' ')} failed in ${cwd}:\n${output}`);
  return output;
}

/** Runs a command; its output is what it wrote, and what it complained of when it failed. */
function attempt(command: string, args: readonly string[], cwd: string): { ok: boolean; output: string } {
  try {
    const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
    return {
      ok: true,
      output: execFileSync(command, args, {
        cwd,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, PATH: path },
        maxBuffer: 64 << 20,
      }),
    };
  } catch (error) {
    return {
      ok: false,
      output:
        error instanceof Error && 'stdout' in error && 'stderr' in error ? `${String(error.stdout)}${String(error.stderr)}` : String(error),
    };
  }
}
