import type { Clock } from '@quartermaster/domain';
import {
  connectControl,
  createSandboxes,
  generateDay,
  readOlistDay,
  sandboxAccessSchema,
  serveSandboxes,
  virtualClock,
  type SandboxAccess,
  type SandboxControl,
  type World,
} from '@quartermaster/sandbox';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { CommandError, exitCodes, systemCode } from '../exit.ts';
import { remoteClock } from './demo-clock.ts';

/** What a demo plays on: a world, its vendors, and a hand on its clock. */
export type Stage = {
  readonly world: World;
  readonly control: SandboxControl;
  readonly clock: Clock;
  /** Addresses of the vendors by name. */
  readonly urls: Readonly<Record<string, string>>;
  readonly access: SandboxAccess;
};

export type StageOptions = {
  /** A number of generated orders, or a folder of real ones. */
  readonly orders: string;
  readonly day: string;
  readonly seed: number;
  /** Share of vendor calls that fail. */
  readonly faults: number;
  readonly odooVersion: 17 | 18 | 19;
  /** Port file of sandboxes that another process serves. */
  readonly sandbox?: string;
};

/** Sandboxes in this process, or those that another process serves. What is opened is closed by `cleanup`. */
export async function openStage(given: StageOptions, cleanup: AsyncDisposableStack): Promise<Stage> {
  if (given.sandbox !== undefined) {
    const { urls, controlUrl, access } = readPortFile(given.sandbox);
    const control = connectControl(controlUrl);
    return { world: await control.world(), control, clock: remoteClock(await control.now(), control), urls, access };
  }
  const world = await chooseWorld(given);
  const clock = virtualClock(world.startsAt);
  const faults = given.faults === 0 ? {} : { faults: { share: given.faults, seed: given.seed } };
  const sandboxes = createSandboxes({ world, clock, odooVersion: given.odooVersion, ...faults });
  const served = await serveSandboxes({ sandboxes });
  cleanup.defer(() => served.close());
  return { world, control: sandboxes.control, clock, urls: served.urls, access: sandboxes.access };
}

async function chooseWorld({ orders, day, seed }: StageOptions): Promise<World> {
  if (/^\d+$/.test(orders)) return generateDay({ seed, orders: Number(orders) });
  if (!existsSync(orders)) throw new CommandError(exitCodes.usage, `--orders: ${orders} is neither a number nor a folder that is there`);
  try {
    return await readOlistDay({ dir: orders, day });
  } catch (error) {
    if (error instanceof RangeError) throw new CommandError(exitCodes.usage, `--orders ${orders} --day ${day}: ${error.message}`);
    throw new CommandError(exitCodes.usage, `--orders ${orders}: the files cannot be read (${systemCode(error)})`);
  }
}

const portFileSchema = z.object({ urls: z.record(z.string(), z.string()), controlUrl: z.string(), access: sandboxAccessSchema });

function readPortFile(path: string): z.infer<typeof portFileSchema> {
  try {
    return portFileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    throw new CommandError(
      exitCodes.usage,
      `--sandbox: ${path} is no port file of a sandbox process (npm run sandbox -- --port-file FILE)`,
    );
  }
}
