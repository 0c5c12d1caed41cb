import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { rename, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { runningClock } from './clock.ts';
import { generateDay } from './generated-day.ts';
import { readOlistDay } from './olist-day.ts';
import { createSandboxes } from './sandboxes.ts';
import { serveSandboxes } from './server.ts';

const usage = `Serves the sandboxes of every vendor on 127.0.0.1 until SIGTERM, and prints one JSON line: { world, urls, controlUrl, access }.

  --seed N          seed of the generated day, default 7
  --orders N        orders of the generated day, default 300
  --date D          date of the generated day, YYYY-MM-DD
  --olist DIR       real orders instead, from this folder ...
  --day D           ... of this day, YYYY-MM-DD
  --odoo 17|18|19  version that the emulated Odoo speaks, default 19
  --faults SHARE    share of all vendor calls that fail, 0 to 1, default 0
  --fault-seed N    decides which ones, default 7
  --quotas WHICH    documented (default) or none: no vendor throttles
  --clock WHICH     running (at the machine's pace, default) or standing (moves by the control only)
  --ports LIST      fixed ports, such as odoo=8069,control=9000; the others are free ones
  --port-file FILE  also write the line to this file, once everything answers
`;

const versionOf = { '17': 17, '18': 18, '19': 19 } as const;

const optionsSchema = z.object({
  seed: z.coerce.number().int().default(7),
  orders: z.coerce.number().int().positive().default(300),
  date: z.iso.date().optional(),
  olist: z.string().min(1).optional(),
  day: z.iso.date().default('2017-11-24'),
  odoo: z
    .enum(['17', '18', '19'])
    .default('19')
    .transform((text) => versionOf[text]),
  faults: z.coerce.number().min(0).max(1).default(0),
  'fault-seed': z.coerce.number().int().default(7),
  quotas: z.enum(['documented', 'none']).default('documented'),
  clock: z.enum(['running', 'standing']).default('running'),
  ports: z
    .string()
    .regex(/^[\w-]+=\d+(,[\w-]+=\d+)*$/, 'such as odoo=8069,control=9000')
    .default('')
    .transform((text) => Object.fromEntries(text.split(',').filter(Boolean).map(portOf))),
  'port-file': z.string().min(1).optional(),
});

type Options = z.infer<typeof optionsSchema>;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const given = readOptions(args);
  if (typeof given === 'string') {
    process.stderr.write(`${given}\n\n${usage}`);
    return 2;
  }
  try {
    await serveUntilTold(given);
    return 0;
  } catch (error) {
    process.stderr.write(`The sandboxes cannot be served: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

async function serveUntilTold(given: Options): Promise<void> {
  const { seed, orders, date, olist, day } = given;
  const world =
    olist === undefined ? generateDay({ seed, orders, ...(date === undefined ? {} : { date }) }) : await readOlistDay({ dir: olist, day });
  const sandboxes = createSandboxes({
    world,
    clock: given.clock === 'running' ? runningClock(world.startsAt) : virtualClock(world.startsAt),
    odooVersion: given.odoo,
    quotas: given.quotas,
    ...(given.faults === 0 ? {} : { faults: { share: given.faults, seed: given['fault-seed'] } }),
  });
  const told = new Promise((resolve) => process.once('SIGTERM', resolve).once('SIGINT', resolve));
  const served = await serveSandboxes({ sandboxes, ports: given.ports });
  const line = `${JSON.stringify({ world: world.name, urls: served.urls, controlUrl: served.controlUrl, access: sandboxes.access })}\n`;
  process.stdout.write(line);
  if (given['port-file'] !== undefined) await writeWhole(given['port-file'], line);
  await told;
  await served.close();
}

/** The options, or what is wrong with them. */
function readOptions(args: readonly string[]): Options | string {
  try {
    const names = Object.keys(optionsSchema.shape);
    const { values } = parseArgs({ args: [...args], options: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) });
    const parsed = optionsSchema.safeParse(values);
    return parsed.success ? parsed.data : z.prettifyError(parsed.error);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Whoever waits for the file never reads half of it. */
async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.part`, text);
  await rename(`${path}.part`, path);
}

function portOf(pair: string): [string, number] {
  const [name = '', port = ''] = pair.split('=');
  return [name, Number(port)];
}
