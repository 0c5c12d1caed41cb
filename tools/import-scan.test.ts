import { expect, test } from 'vitest';
import { codeHas, holdsOnlyExports, moduleReferences, tokensOf } from './import-scan.ts';

test.each([
  [`import { a } from 'x';`],
  [`import a, { type B as c } from "x";`],
  [`import * as a from 'x'`],
  [`import type { A } from 'x';`],
  [`import type A from 'x';`],
  [`import 'x';`],
  [`import {\n  a,\n  // from 'y'\n  "odd name" as b,\n} from 'x';`],
  [`import { from } from 'x';`],
  [`import a from 'x' with { type: 'json' };`],
  [`export { a } from 'x';`],
  [`export type { A } from 'x';`],
  [`export * from 'x';`],
  [`export * as a from 'x';`],
  [`const a = await import('x');`],
  [`const a = import(/* why */ 'x', { with: {} });`],
  ['const a = import(`x`);'],
  [`type A = import('x').A;`],
  [`const a = require('x');`],
  [`const path = require.resolve('x');`],
  ['const a = `before ${(await import("x")).b} after`;'],
  ['const a = `${`${1}`}`; import "x";'],
  ['const a = `${{ b: `}` }.b}`; import "x";'],
  [`const a = /['"\`/*]/; import 'x';`],
  [`const a = b / c; const d = e / f; import 'x';`],
  [`const a = "it's"; import 'x';`],
  [`const a = 'don\\'t'; import 'x';`],
  [`const element = <p>don't</p>;\nimport 'x';`],
])('sees the one module in %j', (source) => {
  expect(moduleReferences(source).map(({ specifier }) => specifier)).toEqual(['x']);
});

test.each([
  [`// import 'x';`],
  [`/* import { a } from 'x'; */`],
  [`const a = "import 'x'";`],
  ["const a = `import { b } from 'x';`;"],
  [`const a = /import 'x'/;`],
  [`const here = import.meta.url;`],
  [`export const from = 'x';`],
  [`export function from() { return 'x'; }`],
  [`export { a };\nconst from = 'x';`],
  [`schema.import('x');`],
  [`const a = { from: 'x' };`],
])('sees no module in %j', (source) => {
  expect(moduleReferences(source)).toEqual([]);
});

test('sees that a module is imported whose name is computed', () => {
  expect(moduleReferences('await import(path)')).toEqual([{ specifier: null, line: 1 }]);
});

test('says in which line a module is named', () => {
  expect(moduleReferences(`/*\n*/\n\nimport { a } from 'x';`)).toEqual([{ specifier: 'x', line: 4 }]);
});

test.each([
  [`export * from './a.ts';\nexport { b, type C } from './b.ts';`],
  ['// face\nexport {};'],
  [`export type { A } from './a.ts'`],
  [''],
])('takes %j for a face', (source) => {
  expect(holdsOnlyExports(source)).toBe(true);
});

test.each([
  [`export const a = 1;`],
  [`import './a.ts';\nexport {};`],
  [`export { a } from './a.ts';\nstart();`],
  [`export function a() {}`],
  [`export default 1;`],
])('does not take %j for a face', (source) => {
  expect(holdsOnlyExports(source)).toBe(false);
});

test.each([
  ['Date.now()', true],
  ['Date\n  .now()', true],
  ['// Date.now()', false],
  [`'Date.now()'`, false],
  ['`Date.now()`', false],
  ['`${Date.now()}`', true],
  ['now.Date', false],
])('reads %j as code', (source, expected) => {
  expect(codeHas(tokensOf(source), 'Date', '.', 'now')).toBe(expected);
});
