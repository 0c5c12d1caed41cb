import { Session, type Profiler } from 'node:inspector/promises';

/** Where CPU went: seconds of self time. */
export type CpuProfile = {
  /** By package of ours, dependency, or part of the runtime. */
  readonly parts: Readonly<Record<string, number>>;
  readonly functions: readonly { readonly name: string; readonly seconds: number }[];
};

/** Starts a profile of this process; the function that it gives ends it. */
export async function startProfile(): Promise<() => Promise<CpuProfile>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 500 });
  await session.post('Profiler.start');
  return async () => {
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    return summed(profile);
  };
}

function summed({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): CpuProfile {
  const self = new Map<number, number>();
  for (const [index, id] of samples.entries()) self.set(id, (self.get(id) ?? 0) + (timeDeltas[index] ?? 0) / 1e6);
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id] as const)));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parts = new Map<string, number>();
  const functions = new Map<string, number>();
  for (const node of nodes) {
    const seconds = self.get(node.id) ?? 0;
    const part = partOf(node, byId, parents);
    if (seconds === 0 || part === null) continue;
    parts.set(part, (parts.get(part) ?? 0) + seconds);
    const { functionName, url, lineNumber } = node.callFrame;
    const name = `${part}: ${functionName || '(anonymous)'} ${url.split('/').at(-1) ?? ''}:${lineNumber + 1}`;
    functions.set(name, (functions.get(name) ?? 0) + seconds);
  }
  return {
    parts: Object.fromEntries(sorted(parts)),
    functions: sorted(functions)
      .slice(0, 60)
      .map(([name, seconds]) => ({ name, seconds })),
  };
}

/** Methods of `node:sqlite`, which have no file. */
const ofSqlite = new Set(['all', 'get', 'run', 'iterate', 'exec', 'prepare', 'columns']);

/** What a function is part of; null while nothing is computed. What has no file belongs to its caller. */
function partOf(
  node: Profiler.ProfileNode,
  byId: ReadonlyMap<number, Profiler.ProfileNode>,
  parents: ReadonlyMap<number, number>,
): string | null {
  const { functionName, url } = node.callFrame;
  if (functionName === '(idle)') return null;
  if (functionName === '(garbage collector)') return 'garbage collector';
  if (functionName === '(program)' || functionName === '(root)') return 'runtime outside JavaScript';
  const ours = /\/((?:packages|apps)\/(?:(?:channels|carriers|solvers)\/)?[\w-]+)\//.exec(url)?.[1];
  if (ours !== undefined) return ours;
  const dependency = /.*\/node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//.exec(url)?.[1];
  if (dependency !== undefined) return `node_modules/${dependency}`;
  if (url.startsWith('node:')) return url.includes('undici') || url.includes('fetch') ? 'node: fetch' : 'node: the rest';
  const parent = byId.get(parents.get(node.id) ?? -1);
  if (url === '' && functionName === 'exec' && parent?.callFrame.functionName === 'counted') return 'the disk';
  if (url === '' && ofSqlite.has(functionName) && parent?.callFrame.url.includes('sqlite') === true) return 'node: sqlite';
  return parent === undefined ? 'runtime outside JavaScript' : partOf(parent, byId, parents);
}

function sorted(seconds: ReadonlyMap<string, number>): [string, number][] {
  return [...seconds].sort(([, a], [, b]) => b - a);
}
