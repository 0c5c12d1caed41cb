import {
  clairvoyantBound,
  dailyWave,
  forecastFromOrders,
  generateStream,
  lookedUpOnce,
  lookingAhead,
  myopicRule,
  orderByOrder,
  simulate,
  type Policy,
} from '../src/horizon/index.ts';

/** Stock over demand, and what unfilled units cost: one after the other, over and over. */
const kinds = [
  { cover: 1.4, unfilled: 'equal' },
  { cover: 1, unfilled: 'equal' },
  { cover: 1.8, unfilled: 'equal' },
  { cover: 1, unfilled: 'by priority' },
  { cover: 1.4, unfilled: 'by priority' },
] as const;

/** Seeds that nobody looked at while the method was made. */
const unseen = { first: 101, last: 110 };

/**
 * Measures looking ahead: `npm run bench -- horizon [FIRST SEED [LAST SEED [all]]]`; `all` also measures the values of the first day, and those of each day for orders one by one. Streams of 14 days with some 150 orders a day, 6 nodes and 150 SKUs; for each the share of the gap between
 * the myopic rule and the clairvoyant bound that a policy closes. The forecast knows 56 days of past orders and the dated receipts.
 */
export async function bench(): Promise<void> {
  const words = process.argv.slice(3);
  const all = words.includes('all');
  const seeds = words.filter((word) => word !== 'all').map(Number);
  const [first = unseen.first, last = seeds.length === 0 ? unseen.last : first] = seeds;
  const rows: { wave: number; ahead: number }[] = [];
  say(
    `seed  cover  unfilled     bound  myopic rule    wave  wave + values   CPU s${all ? '   one by one: values once, values daily' : ''}`,
  );
  for (let seed = first; seed <= last; seed++) {
    const start = process.cpuUsage().user;
    const { cover, unfilled } = kinds[(seed - 1) % kinds.length]!;
    const shop = { seed, cover, unfilled, days: 14, ordersPerDay: 150, nodes: 6, skus: 150, zones: 8, waitDays: 0, historyDays: 56 };
    const { stream, history } = generateStream(shop);
    const bound = clairvoyantBound(stream);
    const values = lookingAhead(forecastFromOrders(stream.problem, history));
    const options = { workLimit: 1_000 };
    const myopic = (await simulate(stream, myopicRule())).cost.total;
    const closedBy = async (policy: Policy): Promise<number> => {
      const { cost } = await simulate(stream, policy);
      return (100 * (myopic - cost.total)) / (myopic - bound);
    };
    const row = { wave: await closedBy(dailyWave(options)), ahead: await closedBy(dailyWave(options, values)) };
    rows.push(row);
    const seconds = ((process.cpuUsage().user - start) / 1e6).toFixed(1).padStart(8);
    const alone = all ? [await closedBy(orderByOrder(lookedUpOnce(values))), await closedBy(orderByOrder(values))] : [];
    say(
      `${seed}   ${cover.toFixed(1)}    ${unfilled.padEnd(11)} ${bound.toFixed(0).padStart(6)} ${myopic.toFixed(0).padStart(12)}` +
        `${percent(row.wave, 8)}${percent(row.ahead, 15)}${seconds}${alone.map((share) => percent(share, 15)).join('')}`,
    );
  }
  const ahead = rows.map((row) => row.ahead);
  const mean = ahead.reduce((sum, share) => sum + share, 0) / ahead.length;
  const least = Math.min(...ahead);
  const worse = rows.filter((row) => row.ahead < row.wave).length;
  say(
    `wave + values: mean ${mean.toFixed(1)} % (bar 40), least ${least.toFixed(1)} % (bar 25), worse than the wave alone in ${worse} of ${rows.length} (bar 0)`,
  );
  if (mean < 40 || least < 25 || worse > 0) process.exitCode = 1;
}

function percent(share: number, width: number): string {
  return `${share.toFixed(1)} %`.padStart(width);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
