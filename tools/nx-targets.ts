import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Nx plugin of this workspace: every package.json below `packages` and `apps` becomes a project with the targets `test` and, where it has a
 * `tsconfig.build.json` of its own, `build`; the root gets `lint`, `typecheck` and `test` (which tests the tools), because those are faster once than per package.
 */
type Target = {
  executor: 'nx:run-commands';
  cache: true;
  inputs: (string | { externalDependencies: string[] })[];
  outputs: string[];
  dependsOn?: string[];
  options: { command: string; cwd: string };
};

function target(command: string, inputs: string[], outputs: string[] = [], dependsOn?: string[]): Target {
  return {
    executor: 'nx:run-commands',
    cache: true,
    inputs,
    outputs,
    ...(dependsOn ? { dependsOn } : {}),
    options: { command, cwd: '{workspaceRoot}' },
  };
}

const rootTargets = {
  lint: target('oxlint --type-aware --deny-warnings packages apps tools', ['sources', 'linting', 'types']),
  typecheck: target('tsc', ['sources', 'types']),
  test: target('vitest run --dir tools', [
    'sources',
    'testing',
    '{workspaceRoot}/docs/**/*',
    '{workspaceRoot}/package.json',
    '{workspaceRoot}/README.md',
  ]),
};

function packageTargets(root: string, buildable: boolean): Record<string, Target> {
  return {
    // Some packages run the examples of their pages.
    test: target(`vitest run --dir ${root}`, ['default', '^default', 'testing', 'types', '{workspaceRoot}/docs/**/*']),
    ...(buildable
      ? { build: target(`tsc -p ${root}/tsconfig.build.json`, ['default', '^default', 'types'], ['{projectRoot}/dist'], ['^build']) }
      : {}),
  };
}

function isBuildable(workspaceRoot: string, root: string): boolean {
  try {
    readFileSync(join(workspaceRoot, root, 'tsconfig.build.json'));
    return true;
  } catch {
    return false;
  }
}

export const createNodesV2 = [
  '{package.json,apps/*/package.json,packages/*/package.json,packages/*/*/package.json}',
  (files: readonly string[], _options: unknown, context: { workspaceRoot: string }) =>
    files.map((file) => {
      const root = dirname(file);
      const targets = root === '.' ? rootTargets : packageTargets(root, isBuildable(context.workspaceRoot, root));
      return [file, { projects: { [root]: { root, targets } } }] as const;
    }),
] as const;
