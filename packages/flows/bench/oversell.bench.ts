import { inventoryPolicySchema } from '@quartermaster/inventory';
import { playOversell, type OversellGiven } from '../src/testing/oversell-world.ts';

const hoursOfWorld = 100;

/**
 * Plays 10,000 hours of a business that exists only to be oversold, in worlds of 100 hours each: `npm run bench -- oversell [HOURS]`. Three of four worlds share strictly, and what they show is
 * compared with what is left at every moment; the fourth has declared windows. Fails where more was shown than there was, or anything was sold that was not there.
 */
export async function bench(): Promise<void> {
  const hours = Number(process.argv[3] ?? 10_000);
  const began = performance.now();
  const sums = { hours: 0, ordered: 0, published: 0, mostBeyond: 0, oversold: 0 };
  const windows = inventoryPolicySchema.parse({ syncWindows: { '*': { minutes: 240 } }, oversell: { mostPerHour: { '*': 1 } } });
  for (let seed = 1; sums.hours < hours; seed += 1) {
    const strict: OversellGiven = { seed, hours: hoursOfWorld };
    const isStrict = seed % 4 !== 0;
    const outcome = await playOversell(isStrict ? strict : { ...strict, inventory: windows, mostPerHour: 1, longestLag: 1 });
    sums.hours += outcome.hours;
    sums.ordered += outcome.ordered;
    sums.published += outcome.published;
    sums.oversold = Math.max(sums.oversold, outcome.oversold);
    if (isStrict) sums.mostBeyond = Math.max(sums.mostBeyond, outcome.mostBeyond);
    if (outcome.oversold > 0 || (isStrict && outcome.mostBeyond > 0)) say(`world ${seed}: ${JSON.stringify(outcome)}`);
    if (sums.hours % 1_000 === 0) say(`${sums.hours} hours, ${sums.ordered} orders, ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  }
  say(
    `${sums.hours} simulated hours, ${sums.ordered} orders, ${sums.published} levels set; shown beyond what was left: ${sums.mostBeyond}; oversold: ${sums.oversold}`,
  );
  if (sums.mostBeyond > 0 || sums.oversold > 0) process.exitCode = 1;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
