import { machine, say } from './daemon/machine.ts';
import { binpackingjs, cutBoxes } from './parcels/cut-boxes.ts';
import { someOrders } from './parcels/orders.ts';
import { someWaves } from './parcels/wave.ts';

/** Nobody has tuned anything to these. */
const unseen = 910_001;

/**
 * Measures the cartonizer: `npm run bench -- parcels [FIRST SEED]`. Times are CPU time of the process. `QM_BINPACKINGJS` names the unpacked folder of the npm package of that name, which is then measured on the
 * same boxes; it is no dependency. The exit code is 1 when something is packed wrongly or a bar is missed.
 */
export async function bench(environment: Readonly<Record<string, string | undefined>>): Promise<void> {
  const seed = Number(process.argv[3] ?? unseen);
  const folder = environment['QM_BINPACKINGJS'];
  say(machine());
  if (folder === undefined) say('binpackingjs is not there: name its unpacked folder in QM_BINPACKINGJS');
  const cut = cutBoxes(seed, await binpackingjs(folder));
  for (const line of cut.lines) say(line);
  say(
    `bars at 5 % slack (190 of 200 at 8 pieces, 120 of 200 at 15, median under 5 ms at 15), both cuts: ${cut.reached ? 'reached' : 'MISSED'}`,
  );
  const whole = someOrders(seed);
  for (const line of whole.lines) say(line);
  const waves = someWaves(seed);
  for (const line of waves.lines) say(line);
  if (!cut.reached || !whole.reached || !waves.reached) process.exitCode = 1;
}
