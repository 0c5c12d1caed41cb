import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, matchesGlob } from 'node:path';

/** A file of the project by its path from the root, with `/`. */
export type ProjectFile = { readonly path: string; readonly text: string };

export type Manifest = {
  readonly name: string;
  readonly version: string | null;
  readonly license: string | null;
  readonly private: boolean;
  readonly workspaces: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
  /** The keys of `exports`, such as `.` and `./sandbox`. */
  readonly exports: readonly string[];
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
  readonly otherDependencies: readonly string[];
};

/** A folder with a package.json, and what is in it. `dir` is `.` for the root, whose files are those of no other package. */
export type ProjectPackage = { readonly dir: string; readonly manifest: Manifest; readonly files: readonly ProjectFile[] };

export type Project = { readonly root: ProjectPackage; readonly packages: readonly ProjectPackage[] };

/** Reads the project from the disk: everything but what git ignores, and the servers of others that tests are run against, which are no part of it. */
export function readProject(root: string): Project {
  return projectOf(pathsBelow(root, '').map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })));
}

/** Sorts files into packages. Throws when there is no package.json at the root. */
export function projectOf(files: readonly ProjectFile[]): Project {
  const dirs = files
    .filter(({ path }) => path === 'package.json' || path.endsWith('/package.json'))
    .map(({ path }) => dirname(path))
    .sort((left, right) => right.length - left.length);
  const homeOf = (path: string) => dirs.find((dir) => dir !== '.' && path.startsWith(`${dir}/`)) ?? '.';
  const packages = dirs.map((dir) => {
    const own = files.filter(({ path }) => homeOf(path) === dir);
    const manifest = own.find(({ path }) => path === (dir === '.' ? 'package.json' : `${dir}/package.json`));
    return { dir, manifest: manifestOf(manifest?.text ?? '{}'), files: own };
  });
  const root = packages.find(({ dir }) => dir === '.');
  if (root === undefined) throw new Error('the project has no package.json');
  return { root, packages: packages.filter((one) => one !== root).sort((left, right) => left.dir.localeCompare(right.dir)) };
}

/** Whether a folder is one of the workspaces that the root names. */
export function isWorkspace(project: Project, dir: string): boolean {
  return project.root.manifest.workspaces.some((pattern) => matchesGlob(dir, pattern));
}

/** Tests and what only they use: `*.test.ts` and everything in a folder called `testing`. */
export function isTest(path: string): boolean {
  return /\.test\.[a-z]+$/.test(path) || path.includes('/testing/');
}

export function isSource(path: string): boolean {
  return /\.(?:[cm]?[jt]s|[jt]sx)$/.test(path);
}

const ignored = new Set(['node_modules', 'dist', '.git', '.nx', '.qm']);
const peers = 'tools/peers';
const ignoredEnd = /\.(?:tgz|log|sqlite|sqlite-shm|sqlite-wal)$/;

function pathsBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !ignored.has(name) && !ignoredEnd.test(name))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (path === peers) return [];
      if (entry.isDirectory()) return pathsBelow(root, path);
      return entry.isFile() ? [path] : [];
    });
}

function manifestOf(text: string): Manifest {
  const json: unknown = JSON.parse(text);
  const names = (field: string) => Object.keys(recordOf(recordOf(json)[field]));
  const textOf = (field: string) => {
    const value = recordOf(json)[field];
    return typeof value === 'string' ? value : null;
  };
  const workspaces = recordOf(json)['workspaces'];
  return {
    name: textOf('name') ?? '',
    version: textOf('version'),
    license: textOf('license'),
    private: recordOf(json)['private'] === true,
    workspaces: Array.isArray(workspaces) ? workspaces.map(String) : [],
    scripts: Object.fromEntries(Object.entries(recordOf(recordOf(json)['scripts'])).map(([name, command]) => [name, String(command)])),
    exports: names('exports'),
    dependencies: names('dependencies'),
    devDependencies: names('devDependencies'),
    otherDependencies: [...names('optionalDependencies'), ...names('peerDependencies')],
  };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
