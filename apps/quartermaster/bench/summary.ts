import type { Done, Verdict } from './sections.ts';

/** The bars of a section as a table in Markdown. */
export function barTable(title: string, verdicts: readonly Verdict[]): string[] {
  const rows = verdicts.map(({ bar, measured, reached }) => [bar, measured, reached === undefined ? '' : reached ? 'reached' : 'MISSED']);
  return table(title, ['bar', 'measured', ''], rows);
}

/** One row for each instance, one column for each way of solving it: how it ended, what the plan costs, CPU seconds. */
export function peerTable(title: string, done: readonly Done[]): string[] {
  const ways = [...new Set(done.map(({ way }) => way))];
  const instances = [...new Set(done.map(({ instance }) => instance))];
  return table(
    title,
    ['instance', ...ways],
    instances.map((instance) => [instance, ...ways.map((way) => told(done.find((one) => one.instance === instance && one.way === way)))]),
  );
}

function told(one: Done | undefined): string {
  if (one === undefined) return 'not measured';
  const { cost, bound, method, cpuSeconds } = one.outcome;
  const time = `${cpuSeconds.toFixed(1)} s`;
  if (cost === null) return `no plan in ${time}`;
  const gap = bound === null ? 'no bound' : `gap ${((100 * (cost - bound)) / cost).toFixed(3)} %`;
  return `${method} ${cost.toFixed(2)}, ${gap}, ${time}`;
}

function table(title: string, headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return ['', title, '', ...[headings, headings.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)];
}
