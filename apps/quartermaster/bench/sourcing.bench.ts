import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { cbcCommand } from './peers.ts';
import { faultsByArbiters, inOwnProcess, workplace } from './runs.ts';
import { certifiedGap, sections, within, type Done } from './sections.ts';
import { barTable, peerTable } from './summary.ts';

/**
 * Measures the optimizer as `qm solve` uses it: `npm run bench -- sourcing [SECTION [PART OF A NAME ...]]`, for example `sourcing 10k scarce s101`. Every run has a process of
 * its own, every plan is verified and its bound certified. A plan that is not valid makes the exit code 1; being slow does not. At the end stands what a README
 * can quote; the numbers also go to `.qm/bench`.
 */
export async function bench(): Promise<void> {
  const [wanted, ...parts] = process.argv.slice(3);
  if (wanted !== undefined && !(wanted in sections)) throw new Error(`there is no section ${wanted}: ${Object.keys(sections).join(', ')}`);
  const place = workplace();
  const summary: string[] = [];
  say(
    `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1) ?? ''}`,
  );
  try {
    for (const [name, { title, cases, judge }] of Object.entries(sections)) {
      if (wanted !== undefined && wanted !== name) continue;
      say(`\n${title}\n${headings}`);
      const done: Done[] = [];
      for (const one of cases) {
        if (!parts.every((part) => one.instance.split('-').includes(part) || one.way === part)) continue;
        if (one.engine === 'peer:cbc' && spawnSync(cbcCommand(), ['-quit']).status !== 0) {
          say(`${one.instance.padEnd(38)} cbc is not there: put it on the PATH, or name it in QM_CBC`);
          continue;
        }
        const problem = place.problemOf(one.instance);
        const plan = place.planOf(`${one.instance} ${one.way}`);
        const { engine, limitSeconds, clock, from, helpers, singleOrders, patienceSeconds } = one;
        const limits = {
          ...(limitSeconds === undefined ? {} : { limitSeconds }),
          ...(clock === undefined ? {} : { clock }),
          ...(from === undefined ? {} : { incumbent: place.planOf(from.join(' ')) }),
          ...(helpers === undefined ? {} : { helpers }),
          ...(singleOrders === undefined ? {} : { singleOrders }),
        };
        const outcome = await inOwnProcess({ problem, plan, engine, ...limits }, patienceSeconds);
        outcome.faults.push(...faultsByArbiters(problem, plan, outcome));
        done.push({ ...one, outcome });
        say(row({ ...one, outcome }));
        for (const fault of outcome.faults) say(`  NOT VALID: ${fault}`);
        if (outcome.faults.length > 0) process.exitCode = 1;
        keep(name, done);
      }
      if (done.length === 0) continue;
      const verdicts = judge(done);
      summary.push(...(verdicts.length > 0 ? barTable(title, verdicts) : peerTable(title, done)));
    }
    for (const line of summary) say(line);
  } finally {
    place.close();
  }
}

const columns = ['cost', 'bound', 'gap %', 'certified %', 'CPU s', 'wall s', 'MB', 'nearest +%', 'priority +%', '1 % at s'];
const headings = `${'instance'.padEnd(38)} ${'way'.padEnd(9)} ${'method'.padEnd(9)}${columns.map((column) => column.padStart(12)).join('')}`;

function row({ instance, way, outcome }: Done): string {
  const { cost, bound, method, cpuSeconds, wallSeconds, peakRssMb, baselines } = outcome;
  const gap = cost === null || bound === null ? null : (cost - bound) / cost;
  const above = (rule: string) => (cost === null || baselines[rule] === undefined ? null : baselines[rule] / cost - 1);
  const certified = certifiedGap(outcome);
  const cells = [
    cost?.toFixed(2),
    bound?.toFixed(2),
    percent(gap),
    Number.isFinite(certified) ? percent(certified) : '-',
    cpuSeconds.toFixed(2),
    wallSeconds.toFixed(2),
    peakRssMb.toFixed(0),
    percent(above('nearest-first')),
    percent(above('priority')),
    Number.isFinite(within(outcome, 0.01)) ? within(outcome, 0.01).toFixed(1) : '-',
  ];
  return `${instance.padEnd(38)} ${way.padEnd(9)} ${method.padEnd(9)}${cells.map((cell) => (cell ?? '-').padStart(12)).join('')}`;
}

function percent(share: number | null): string {
  return share === null ? '-' : (share * 100).toFixed(3);
}

/** Keeps what is measured so far; `.qm` is nobody's source. */
function keep(section: string, done: readonly Done[]): void {
  const folder = join(import.meta.dirname, '../../../.qm/bench');
  mkdirSync(folder, { recursive: true });
  const machine = { processors: cpus().length, model: cpus()[0]?.model, node: process.versions.node, load: loadavg() };
  writeFileSync(join(folder, `sourcing-${section}.json`), JSON.stringify({ machine, done }, null, 1));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
