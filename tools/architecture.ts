import { isBuiltin } from 'node:module';
import { basename, dirname, matchesGlob, normalize } from 'node:path/posix';
import { codeHas, holdsOnlyExports, moduleReferences, tokensOf } from './import-scan.ts';
import { isSource, isTest, type Project, type ProjectPackage } from './workspace.ts';

/**
 * The plan of the house: each room, and the rooms below it that its product code may know. Exceptions none. Tests may know whatever their package.json declares for development.
 */
const plan: readonly (readonly [room: string, below: readonly string[]])[] = [
  ['packages/domain', []],
  ['packages/sourcing', []],
  ['packages/connector-kit', ['packages/domain']],
  ['packages/inventory', ['packages/domain']],
  ['packages/parcels', ['packages/domain']],
  ['packages/promise', ['packages/domain']],
  ['packages/freight', ['packages/domain']],
  ['packages/fulfilment', ['packages/domain']],
  ['packages/journal', ['packages/domain']],
  [
    'packages/flows',
    [
      'packages/domain',
      'packages/inventory',
      'packages/parcels',
      'packages/promise',
      'packages/freight',
      'packages/fulfilment',
      'packages/journal',
      'packages/sourcing',
    ],
  ],
  ['packages/odoo', ['packages/domain', 'packages/connector-kit']],
  ['packages/channels/*', ['packages/domain', 'packages/connector-kit']],
  ['packages/carriers/*', ['packages/domain', 'packages/connector-kit', 'packages/parcels']],
  ['packages/solvers/*', ['packages/sourcing']],
  ['apps/*', ['packages/*', 'packages/*/*', 'apps/*']],
];

/** Rooms that decide: the same input gives the same answer, so time, chance and the world are arguments. */
const deciding: readonly string[] = [
  'packages/domain',
  'packages/sourcing',
  'packages/inventory',
  'packages/parcels',
  'packages/promise',
  'packages/freight',
  'packages/fulfilment',
];

/** Doors beside a deciding room: what stands there starts threads that do the room's own work, and what they come to does not depend on them. */
const threadDoors: readonly string[] = ['packages/sourcing/src/threads.ts', 'packages/sourcing/src/thread-worker.ts'];

/** Modules of Node that only compute. */
const computing: readonly string[] = ['node:assert', 'node:buffer', 'node:crypto', 'node:util'];

const impure: readonly (readonly string[])[] = [
  ['Date', '.', 'now'],
  ['new', 'Date', '(', ')'],
  ['new', 'Date', ';'],
  ['Math', '.', 'random'],
  ['Temporal', '.', 'Now'],
  ['randomUUID', '('],
  ['randomBytes', '('],
  ['getRandomValues', '('],
  ['process', '.', 'env'],
];

/** Each function of a rule gives one line per violation, which names the file or package. */
export function roomsOutsideThePlan({ packages }: Project): string[] {
  return packages.filter(({ dir }) => roomsBelow(dir) === undefined).map(({ dir }) => `${dir} has no place in the plan of the house`);
}

export function arrowsUpwards(project: Project): string[] {
  return project.packages.flatMap((from) => {
    const allowed = roomsBelow(from.dir) ?? [];
    const may = (to: ProjectPackage) => to === from || allowed.some((room) => matchesGlob(to.dir, room));
    const imported = references(from).flatMap(({ path, line, name }) => {
      const to = isTest(path) ? undefined : packageCalled(project, name);
      return to === undefined || may(to) ? [] : [`${path}:${line} knows ${to.dir}, which is not below ${from.dir}`];
    });
    const declared = from.manifest.dependencies.flatMap((name) => {
      const to = packageCalled(project, name);
      return to === undefined || may(to) ? [] : [`${from.dir}/package.json depends on ${to.dir}, which is not below it`];
    });
    return [...imported, ...declared];
  });
}

/** Rings of packages, tests' dependencies included: none of them could be built or tested first. */
export function rings(project: Project): string[] {
  const above = new Map(
    project.packages.map((one) => {
      const names = [...one.manifest.dependencies, ...one.manifest.devDependencies, ...one.manifest.otherDependencies];
      return [one.dir, names.flatMap((name) => packageCalled(project, name)?.dir ?? [])] as const;
    }),
  );
  const reaches = (from: string, to: string, seen: Set<string>): boolean =>
    (above.get(from) ?? []).some((next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))));
  return project.packages.filter(({ dir }) => reaches(dir, dir, new Set())).map(({ dir }) => `${dir} depends on itself by way of others`);
}

/** A sandbox is for tests and conformance suites, for other sandboxes, for the app that serves them, for the simulator and for tools; product code never plays. */
export function sandboxesInProduct(project: Project): string[] {
  const mayPlay = (path: string) =>
    isTest(path) ||
    path.startsWith('apps/sandbox/') ||
    path.startsWith('apps/simulator/') ||
    path.startsWith('tools/') ||
    path.includes('/src/sandbox/') ||
    path.includes('/src/conformance/');
  return [project.root, ...project.packages].flatMap((one) =>
    allReferences(one)
      .filter(({ path, specifier }) => !mayPlay(path) && /(?:^|\/)sandbox(?:\/|$)/.test(withoutOwner(specifier)))
      .map(({ path, line, specifier }) => `${path}:${line} is product code and imports the sandbox ${specifier}`),
  );
}

export function impureDecisions({ packages }: Project): string[] {
  return packages
    .filter(({ dir }) => deciding.includes(dir))
    .flatMap((one) => {
      const product = one.files.filter(({ path }) => isSource(path) && path.startsWith(`${one.dir}/src/`) && !isTest(path));
      const reads = references(one).filter(
        ({ path, specifier }) =>
          !isTest(path) &&
          isBuiltin(specifier) &&
          !computing.includes(specifier) &&
          !(threadDoors.includes(path) && specifier === 'node:worker_threads'),
      );
      return [
        ...reads.map(({ path, line, specifier }) => `${path}:${line} decides and imports ${specifier}`),
        ...product.flatMap(({ path, text }) => {
          const tokens = tokensOf(text);
          const found = impure.filter((row) => codeHas(tokens, ...row)).map((row) => row.join(''));
          const fetches = tokens.some(
            (token, at) => token.value === 'fetch' && tokens[at + 1]?.value === '(' && tokens[at - 1]?.value !== '.',
          );
          return [...found, ...(fetches ? ['fetch('] : [])].map((what) => `${path} decides and uses ${what}`);
        }),
      ];
    });
}

/** What is imported is declared, in the package's own package.json (tests: also in the root's); tests' own dependencies are not the product's. */
export function undeclaredImports(project: Project): string[] {
  const { root } = project;
  const everywhere = project.packages.map(({ manifest }) => manifest.name);
  return [root, ...project.packages].flatMap((one) => {
    const { name, dependencies, devDependencies, otherDependencies } = one.manifest;
    const product = new Set([name, ...dependencies, ...otherDependencies]);
    const forTests = new Set([...product, ...devDependencies, ...root.manifest.devDependencies, ...(one === root ? everywhere : [])]);
    return references(one)
      .filter((reference) => !(one === root || isTest(reference.path) ? forTests : product).has(reference.name))
      .filter(({ specifier }) => !specifier.startsWith('node:'))
      .map(({ path, line, specifier }) => `${path}:${line} imports ${specifier}, which its package.json does not declare`);
  });
}

/** What is declared is imported: a package's dependencies by its product code, the root's by tests too, or they are commands. */
export function unusedDependencies(project: Project): string[] {
  const all = [project.root, ...project.packages].flatMap((one) => references(one));
  const own = project.packages.flatMap((one) => {
    const uses = references(one);
    const used = new Set(uses.map(({ name }) => name));
    const product = new Set(uses.filter(({ path }) => !isTest(path)).map(({ name }) => name));
    return [
      ...one.manifest.dependencies
        .filter((name) => !product.has(name))
        .map((name) => `${one.dir} depends on ${name} and its product code does not import it`),
      ...one.manifest.devDependencies
        .filter((name) => !used.has(typed(name) ?? name))
        .map((name) => `${one.dir} is developed with ${name} and does not import it`),
    ];
  });
  const imported = new Set(all.map(({ name }) => name));
  const commands = [
    ...Object.values(project.root.manifest.scripts),
    ...project.root.files.filter(({ path }) => path === 'tools/nx-targets.ts').map(({ text }) => text),
  ];
  const isCommand = (name: string) => commands.some((text) => text.split(/[\s'"`]+/).includes(commandOf(name)));
  const idle = project.root.manifest.devDependencies.filter((name) => {
    const subject = typed(name);
    return subject === undefined ? !imported.has(name) && !isCommand(name) : subject !== 'node' && !imported.has(subject);
  });
  return [...own, ...idle.map((name) => `the root declares ${name} and nothing imports or runs it`)];
}

/** The package whose types a package holds; undefined for one that holds none. */
function typed(name: string): string | undefined {
  return /^@types\/(.+)$/.exec(name)?.[1];
}

/** Subpaths that are imported and not exported, and imports that go out of their package by path. */
export function importsAroundTheDoor(project: Project): string[] {
  return [project.root, ...project.packages].flatMap((one) => [
    ...references(one).flatMap(({ path, line, name, specifier }) => {
      const to = packageCalled(project, name);
      const door = `.${specifier.slice(name.length)}`;
      return to === undefined || to.manifest.exports.includes(door)
        ? []
        : [`${path}:${line} imports ${specifier}, which ${to.dir} does not export`];
    }),
    ...relativeReferences(one)
      .filter(({ path, specifier }) => {
        const target = normalize(`${dirname(path)}/${specifier}`);
        const home = one.dir === '.' ? `${path.split('/')[0] ?? ''}/` : `${one.dir}/`;
        return path.includes('/') && !target.startsWith(home);
      })
      .map(({ path, line, specifier }) => `${path}:${line} leaves its package by ${specifier}`),
  ]);
}

/** Modules that nobody can know by reading: names that are computed, outside the apps (which load what the config names). */
export function computedImports({ packages }: Project): string[] {
  return packages
    .filter(({ dir }) => !dir.startsWith('apps/'))
    .flatMap(({ files }) =>
      files
        .filter(({ path }) => isSource(path) && !isTest(path))
        .flatMap(({ path, text }) =>
          moduleReferences(text)
            .filter(({ specifier }) => specifier === null)
            .map(({ line }) => `${path}:${line} imports a module whose name is computed`),
        ),
    );
}

export function facesWithLogic({ packages }: Project): string[] {
  return packages
    .flatMap(({ files }) => files)
    .filter(({ path, text }) => /\/src\/(?:.+\/)?index\.ts$/.test(path) && !holdsOnlyExports(text))
    .map(({ path }) => `${path} holds more than exports`);
}

/** Names that say nothing of what is inside. */
export function namelessFiles(project: Project): string[] {
  const empty = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'manager', 'managers']);
  return [project.root, ...project.packages]
    .flatMap(({ files }) => files)
    .filter(({ path }) =>
      path.split('/').some((part) =>
        basename(part)
          .split(/[.\-_]/)
          .some((word) => empty.has(word.toLowerCase())),
      ),
    )
    .map(({ path }) => `${path} has a name that says nothing`);
}

type Reference = { readonly path: string; readonly line: number; readonly specifier: string; readonly name: string };

/** Imports of packages and of Node's modules. */
function references(one: ProjectPackage): Reference[] {
  return allReferences(one).filter(({ specifier }) => !specifier.startsWith('.'));
}

function relativeReferences(one: ProjectPackage): Reference[] {
  return allReferences(one).filter(({ specifier }) => specifier.startsWith('.'));
}

function allReferences(one: ProjectPackage): Reference[] {
  return one.files
    .filter(({ path }) => isSource(path))
    .flatMap(({ path, text }) =>
      moduleReferences(text).flatMap(({ specifier, line }) =>
        specifier === null ? [] : [{ path, line, specifier, name: nameOf(specifier) }],
      ),
    );
}

/** `@owner/name` or `name`, without the subpath. */
function nameOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** The part of a specifier in which a folder or subpath called `sandbox` counts: not a package that is called so. */
function withoutOwner(specifier: string): string {
  return specifier.startsWith('.') ? specifier : specifier.slice(nameOf(specifier).length);
}

function packageCalled({ packages }: Project, name: string): ProjectPackage | undefined {
  return packages.find(({ manifest }) => manifest.name === name);
}

function roomsBelow(dir: string): readonly string[] | undefined {
  return plan.find(([room]) => matchesGlob(dir, room))?.[1];
}

function commandOf(name: string): string {
  return { typescript: 'tsc', 'oxlint-tsgolint': '--type-aware' }[name] ?? name;
}
