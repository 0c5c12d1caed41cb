import { readOlistTables } from '@quartermaster/sandbox';
import { existsSync } from 'node:fs';
import { comparePeakWeek, type Lived } from './olist/compare.ts';
import { peakWeek } from './olist/peak-week.ts';

/**
 * A peak week of real orders, five weeks laid over each other, twelve warehouses and too little stock: ours against the rules that people use, wave by wave, and against what nobody can beat.
 * `npm run bench -- olist [FOLDER [COVER [SAMPLES]]]`, where FOLDER (or QM_OLIST) holds the public Olist files. The exit code is 1 when looking ahead does not beat every rule.
 */
export async function bench(environment: NodeJS.ProcessEnv): Promise<void> {
  const [folder = environment['QM_OLIST'] ?? '../shared/data/olist', cover = '0.9', samples = '8'] = process.argv.slice(3);
  if (!existsSync(folder)) return say(`${folder} is not there: name the folder of the Olist files`);
  const tables = await readOlistTables(folder);
  const week = peakWeek(tables, { monday: '2017-11-20', weeks: 5, nodes: 12, cover: Number(cover), historyWeeks: 3 });
  const { problem, arrivals } = week.stream;
  const units = arrivals.flatMap(({ order }) => order.lines).reduce((sum, line) => sum + line.units, 0);
  say(
    `${arrivals.length} orders of ${units} units in seven daily waves, ${problem.nodes.length} warehouses, stock for ${(100 * Number(cover)).toFixed(0)} % of them`,
  );
  say(headings);
  const { bound, lived } = await comparePeakWeek(week, { samples: Number(samples), workLimit: 4_000 }, (each) => say(row(each)));
  say(
    `nobody, not even who knows the week beforehand, pays less than ${bound.toFixed(0)} ${problem.currency}: the gaps are to that, and proven`,
  );
  const ahead = lived.at(-1)?.cost.total ?? Infinity;
  const best = Math.min(...lived.filter(({ isRule }) => isRule).map(({ cost }) => cost.total));
  say(`looking ahead costs ${(100 * (1 - ahead / best)).toFixed(1)} % less than the best of the rules`);
  if (ahead >= best) process.exitCode = 1;
}

const columns = [
  'total',
  'shipping',
  'labor',
  'late',
  'split',
  'unfilled',
  'split orders',
  'late orders',
  'units unfilled',
  'gap %',
  'CPU s',
];
const headings = `${''.padEnd(22)}${columns.map((column) => column.padStart(15)).join('')}`;

function row({ name, cost, splitOrders, lateOrders, unfilledUnits, gap, cpuSeconds }: Lived): string {
  const amounts = [cost.total, cost.shipping, cost.labor, cost.lateness, cost.split, cost.unfilled].map((amount) => amount.toFixed(0));
  const counts = [splitOrders, lateOrders, unfilledUnits].map(String);
  const cells = [...amounts, ...counts, (100 * gap).toFixed(2), cpuSeconds.toFixed(1)];
  return `${name.padEnd(22)}${cells.map((cell) => cell.padStart(15)).join('')}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
