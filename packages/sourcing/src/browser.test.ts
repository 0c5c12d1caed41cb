import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { exampleProblem } from './example-problem.ts';
import { planText } from './plan.ts';
import { solve } from './solve.ts';

// The package as a browser gets it: one script, run where there is no `require`, no `process` and no module of Node.

const builder = z.object({ build: z.custom<(options: unknown) => Promise<unknown>>((value) => typeof value === 'function') });
const bundles = z.array(z.object({ output: z.array(z.object({ fileName: z.string(), code: z.string().optional() })) }));

let script = '';

beforeAll(async () => {
  // The bundler that the tests themselves run on.
  const vitest = createRequire(import.meta.url).resolve('vitest/package.json');
  const vite = pathToFileURL(createRequire(vitest).resolve('vite')).href;
  const { build } = builder.parse(await import(vite));
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, target: 'es2024', lib: { entry: join(import.meta.dirname, 'index.ts'), formats: ['iife'], name: 'sourcing' } },
  });
  script = bundles.parse(built)[0]?.output[0]?.code ?? '';
}, 60_000);

test('the bundle asks for nothing of Node', () => {
  expect(script).not.toMatch(/["'`]node:|\brequire\(|browser-external/);
});

test('the example is solved in a browser, without a solver, to the same plan as here', async () => {
  const page = createContext({ setTimeout, clearTimeout, performance, input: JSON.stringify(exampleProblem()) });
  const answer: unknown = await runInContext(
    `${script}
    (async () => {
      const problem = sourcing.parseProblem(JSON.parse(input));
      const { plan } = await sourcing.solve(problem);
      return JSON.stringify({ text: sourcing.planText(plan), verified: sourcing.verifyPlan(problem, plan).feasible });
    })()`,
    page,
  );
  const here = await solve(exampleProblem());
  expect(JSON.parse(z.string().parse(answer))).toEqual({ text: planText(here.plan), verified: true });
});

test('a bad problem is refused in a browser with the path of the field', async () => {
  const page = createContext({ setTimeout, performance });
  const answer: unknown = runInContext(
    `${script}
    (() => {
      try { sourcing.parseProblem({ format: 'quartermaster/sourcing-problem@1' }); } catch (error) { return error.name + ' ' + error.issues[0].path; }
    })()`,
    page,
  );
  expect(answer).toBe('SourcingInputError name');
});
