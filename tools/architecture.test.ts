import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import {
  arrowsUpwards,
  computedImports,
  facesWithLogic,
  importsAroundTheDoor,
  impureDecisions,
  namelessFiles,
  rings,
  roomsOutsideThePlan,
  sandboxesInProduct,
  undeclaredImports,
  unusedDependencies,
} from './architecture.ts';
import { createNodesV2 } from './nx-targets.ts';
import { dependenciesWithoutReason, missingPapers, privateTextsIn, strayGpl, untestedPackages } from './papers.ts';
import { projectOf, readProject, type Project } from './workspace.ts';

const root = join(import.meta.dirname, '..');
const project = readProject(root);

test('the packages were found', () => {
  expect(project.packages.length).toBeGreaterThan(10);
});

const rules: readonly (readonly [string, (house: Project) => string[]])[] = [
  ['every package has its place in the plan', roomsOutsideThePlan],
  ['arrows point down only', arrowsUpwards],
  ['no package depends on itself by way of others', rings],
  ['product code imports no sandbox', sandboxesInProduct],
  ['decisions do no input and output, ask for no time and throw no dice', impureDecisions],
  ['what is imported is declared', undeclaredImports],
  ['what is declared is imported', unusedDependencies],
  ['packages are entered by their doors', importsAroundTheDoor],
  ['libraries import no module whose name is computed', computedImports],
  ['a face holds only exports', facesWithLogic],
  ['every file has a name that says what is inside', namelessFiles],
  ['every package is a workspace, has a test target and a test', (house) => untestedPackages(house, foldersWithTestTarget())],
  ['every package has its papers', missingPapers],
  ['the GPL stays where it is', strayGpl],
  ['every dependency has its reason', dependenciesWithoutReason],
  ['nothing private is in the project', privateTextsIn],
];

test.each(rules)('%s', (_title, rule) => {
  expect(rule(project)).toEqual([]);
});

/** A small house in which every rule holds. */
const sound = {
  'package.json': JSON.stringify({
    workspaces: ['packages/*', 'packages/solvers/*', 'apps/*'],
    devDependencies: { vitest: '1' },
    scripts: { test: 'vitest' },
  }),
  'docs/dependencies.md':
    '| package | licence | why |\n|---|---|---|\n| `zod` | MIT | doors |\n| `vitest`, `nock` | MIT | tests |\n| `hono` | MIT |  |\n',
  'packages/domain/package.json': manifest('domain', ['zod']),
  'packages/domain/src/index.ts': `export * from './money.ts';`,
  'packages/domain/src/money.ts': `import { z } from 'zod';\n// not Date.now()\nexport const day = new Date('2026-11-21');`,
  'packages/domain/src/money.test.ts': `import { test } from 'vitest';\nimport { readFileSync } from 'node:fs';`,
  'packages/domain/README.md': 'Words.',
  'packages/domain/LICENSE': 'Apache',
  'packages/connector-kit/package.json': manifest('connector-kit', ['@quartermaster/domain']),
  'packages/connector-kit/src/index.ts': `export { http } from './http.ts';`,
  'packages/connector-kit/src/http.ts': `import type { Money } from '@quartermaster/domain';\nexport const http = () => fetch('https://x.example');`,
  'packages/connector-kit/src/http.test.ts': `import { app } from './sandbox/index.ts';`,
  'packages/connector-kit/src/sandbox/index.ts': `export { app } from './app.ts';`,
  'packages/connector-kit/src/sandbox/app.ts': `export const app = 1;`,
  'packages/connector-kit/README.md': 'Kit.',
  'packages/connector-kit/LICENSE': 'Apache',
  'apps/sandbox/package.json': manifest('sandbox', ['@quartermaster/connector-kit'], { private: true }),
  'apps/sandbox/src/index.ts': `export { serve } from './serve.ts';`,
  'apps/sandbox/src/serve.ts': `import { app } from '@quartermaster/connector-kit/sandbox';\nexport const serve = () => app;`,
  'apps/sandbox/src/serve.test.ts': `import 'vitest';`,
  'apps/sandbox/README.md': 'Play.',
};
const allTested = new Set(['packages/domain', 'packages/connector-kit', 'packages/solvers/highs', 'apps/sandbox', 'apps/quartermaster']);

test('a sound house breaks no rule', () => {
  const house = houseWith({});
  expect([...rules.slice(0, 11), ...rules.slice(12)].flatMap(([, rule]) => rule(house)).concat(untestedPackages(house, allTested))).toEqual(
    [],
  );
});

test.each<[string, (house: Project) => string[], Record<string, string>]>([
  ['a room that is not in the plan', roomsOutsideThePlan, { 'packages/extra/package.json': manifest('extra') }],
  ['an arrow upwards', arrowsUpwards, { 'packages/domain/src/money.ts': `import { http } from '@quartermaster/connector-kit';` }],
  [
    'an arrow upwards by a type',
    arrowsUpwards,
    { 'packages/domain/src/money.ts': `export type { Http } from '@quartermaster/connector-kit';` },
  ],
  [
    'an arrow upwards in a package.json',
    arrowsUpwards,
    { 'packages/domain/package.json': manifest('domain', ['@quartermaster/connector-kit']) },
  ],
  [
    'a connector that knows the journal',
    arrowsUpwards,
    {
      'packages/journal/package.json': manifest('journal'),
      'packages/connector-kit/src/http.ts': `await import('@quartermaster/journal')`,
    },
  ],
  [
    'a ring',
    rings,
    { 'packages/domain/package.json': manifest('domain', ['zod'], { devDependencies: { '@quartermaster/connector-kit': '1' } }) },
  ],
  ['product code that plays', sandboxesInProduct, { 'packages/connector-kit/src/http.ts': `import { app } from './sandbox/app.ts';` }],
  [
    "product code that plays with another's toys",
    sandboxesInProduct,
    { 'packages/domain/src/money.ts': `import { app } from '@quartermaster/connector-kit/sandbox';` },
  ],
  ['a decision that asks for the time', impureDecisions, { 'packages/domain/src/money.ts': 'export const now = () => Date.now();' }],
  ['a decision that asks for the date', impureDecisions, { 'packages/domain/src/money.ts': 'export const now = () => new Date();' }],
  ['a decision that throws dice', impureDecisions, { 'packages/domain/src/money.ts': 'export const dice = Math\n.random();' }],
  ['a decision that fetches', impureDecisions, { 'packages/domain/src/money.ts': 'export const ask = () => fetch(url);' }],
  ['a decision that reads files', impureDecisions, { 'packages/domain/src/money.ts': `import { readFileSync } from 'node:fs';` }],
  ['an import that is not declared', undeclaredImports, { 'packages/domain/src/money.ts': `import { Big } from 'big.js';` }],
  ['an import of a tool in product code', undeclaredImports, { 'packages/domain/src/money.ts': `import { expect } from 'vitest';` }],
  [
    'a module of Node without its prefix',
    undeclaredImports,
    { 'packages/connector-kit/src/http.ts': `import { readFile } from 'fs/promises';` },
  ],
  ['a test that imports what nobody declares', undeclaredImports, { 'packages/domain/src/money.test.ts': `import nock from 'nock';` }],
  ['a dependency that nobody imports', unusedDependencies, { 'packages/domain/src/money.ts': '' }],
  [
    'a dependency that only tests import',
    unusedDependencies,
    { 'packages/domain/src/money.ts': '', 'packages/domain/src/money.test.ts': `import { z } from 'zod';` },
  ],
  ['a tool that nobody runs', unusedDependencies, { 'package.json': JSON.stringify({ devDependencies: { nock: '1' } }) }],
  [
    'an import by path into another package',
    importsAroundTheDoor,
    { 'packages/domain/src/money.ts': `import '../../connector-kit/src/http.ts';` },
  ],
  ['an import by path out of the tools', importsAroundTheDoor, { 'tools/bench.ts': `import '../packages/domain/src/money.ts';` }],
  [
    'an import of what is not exported',
    importsAroundTheDoor,
    { 'packages/connector-kit/src/http.ts': `import '@quartermaster/domain/src/money.ts';` },
  ],
  ['a computed import', computedImports, { 'packages/domain/src/money.ts': 'export const load = (name: string) => import(name);' }],
  ['a face with logic', facesWithLogic, { 'packages/domain/src/index.ts': `export * from './money.ts';\nexport const one = 1;` }],
  ['a sandbox face with logic', facesWithLogic, { 'packages/connector-kit/src/sandbox/index.ts': 'export const one = 1;' }],
  ['a file of odds and ends', namelessFiles, { 'packages/domain/src/date-utils.ts': '' }],
  ['a folder of odds and ends', namelessFiles, { 'packages/domain/src/common/date.ts': '' }],
  [
    'a package that is no workspace',
    (house) => untestedPackages(house, allTested),
    { 'packages/carriers/ups/package.json': manifest('ups') },
  ],
  ['a package without a test target', (house) => untestedPackages(house, new Set()), {}],
  [
    'a package without a test',
    (house) => untestedPackages(house, allTested),
    { 'apps/quartermaster/package.json': manifest('quartermaster') },
  ],
  ['a package without a version', missingPapers, { 'packages/domain/package.json': '{ "license": "MIT" }' }],
  ['a package without a licence', missingPapers, { 'packages/domain/package.json': '{ "version": "1" }' }],
  ['a README that nobody reads', missingPapers, { 'packages/domain/README.md': 'a line\n'.repeat(81) }],
  ['a package without papers', missingPapers, { 'packages/parcels/package.json': manifest('parcels') }],
  ['a library under the GPL', strayGpl, { 'packages/domain/package.json': manifest('domain', [], { license: 'GPL-3.0-only' }) }],
  ['a library that depends on the GPL', strayGpl, { 'packages/domain/package.json': manifest('domain', ['glpk.js']) }],
  [
    'a library that depends on our GPL package',
    strayGpl,
    {
      'packages/solvers/glpk/package.json': manifest('solver-glpk', ['glpk.js'], { license: 'GPL-3.0-only' }),
      'packages/domain/package.json': manifest('domain', ['@quartermaster/solver-glpk']),
    },
  ],
  ['glpk.js under another licence', strayGpl, { 'packages/solvers/glpk/package.json': manifest('solver-glpk') }],
  ['a dependency without a row', dependenciesWithoutReason, { 'packages/domain/package.json': manifest('domain', ['left-pad']) }],
  ['a dependency with a row but no reason', dependenciesWithoutReason, { 'packages/domain/package.json': manifest('domain', ['hono']) }],
  ['a path of a machine', privateTextsIn, { 'docs/guide.md': `see ${['', 'work', 'main'].join('/')}` }],
  ['the home of somebody', privateTextsIn, { 'docs/guide.md': `cd ${['', 'home', 'ada', 'project'].join('/')}` }],
  ['a registry of its own', privateTextsIn, { 'package-lock.json': `"resolved": "https://${['npm', 'corp', 'example'].join('.')}/zod"` }],
  ['a key', privateTextsIn, { 'docs/guide.md': `token shpat_${'0123456789abcdef'.repeat(2)}` }],
])('finds %s', (_title, rule, planted) => {
  expect(rule(houseWith(planted))).not.toEqual([]);
});

function foldersWithTestTarget(): ReadonlySet<string> {
  const [pattern, nodes] = createNodesV2;
  const found = nodes(globSync(pattern, { cwd: root }), undefined, { workspaceRoot: root });
  return new Set(
    found.flatMap(([file, { projects }]) => (Object.values(projects).every(({ targets }) => 'test' in targets) ? [dirname(file)] : [])),
  );
}

function houseWith(planted: Record<string, string>): Project {
  return projectOf(Object.entries({ ...sound, ...planted }).map(([path, text]) => ({ path, text })));
}

function manifest(name: string, dependencies: readonly string[] = [], more: object = {}): string {
  return JSON.stringify({
    name: `@quartermaster/${name}`,
    version: '0.1.0',
    license: 'Apache-2.0',
    exports: { '.': './src/index.ts', './sandbox': './src/sandbox/index.ts' },
    dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, '1'])),
    ...more,
  });
}
