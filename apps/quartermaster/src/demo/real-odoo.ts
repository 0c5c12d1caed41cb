import { systemClock } from '@quartermaster/connector-kit';
import { isFault } from '@quartermaster/domain';
import { prepareOdoo, type SetupReport } from '@quartermaster/odoo';
import type { World } from '@quartermaster/sandbox';
import type { Config } from '../config.ts';
import { connect, odooOptions, type SecretOf } from '../connect.ts';
import { CommandError, exitCodes } from '../exit.ts';

/**
 * Looks whether a real Odoo answers and has what the day needs, before anything is played; sets it up first when `prepare` says so. Throws a `CommandError` that says what is missing.
 */
export async function reachOdoo(config: Config, secretOf: SecretOf, world: World, prepare: boolean): Promise<SetupReport | null> {
  const time = { clock: systemClock, random: Math.random };
  const { erp } = connect(config, secretOf, time);
  try {
    const report = prepare ? await prepareOdoo(odooOptions(config, secretOf, time), setupOf(world)) : null;
    const { problems } = await erp.probe();
    const known = new Set((await erp.nodes()).map((node) => node.id));
    const missing = world.nodes.filter((node) => !known.has(node.id)).map((node) => `The warehouse ${node.id} is missing.`);
    const wrong = [...missing, ...problems];
    if (wrong.length === 0) return report;
    const list = wrong.map((problem) => `  ${problem}`).join('\n');
    throw new CommandError(
      exitCodes.outside,
      `Odoo at ${config.odoo.url} is not ready:\n${list}\n'qm demo --prepare' sets up what is missing.`,
    );
  } catch (error) {
    if (!isFault(error)) throw error;
    throw new CommandError(exitCodes.outside, `${error.message}.${error.facts.advice === undefined ? '' : ` ${error.facts.advice}`}`);
  }
}

function setupOf(world: World): Parameters<typeof prepareOdoo>[1] {
  return {
    nodes: world.nodes.map(({ id, address }) => ({ code: id, name: address.company ?? address.city })),
    products: world.products
      .filter((product) => !product.unknownToErp)
      .map(({ sku, title, grams, millilitres }) => ({ sku, name: title, grams, millilitres, kind: 'storable' })),
    stock: stockOfDay(world),
    currency: world.currency,
  };
}

/** A real Odoo gets the day's receipts with its first stock: counting them in later could not be told from counting them in twice. */
function stockOfDay(world: World): World['stock'] {
  const receipts = world.events.flatMap((event) =>
    event.kind === 'receipt' ? [{ sku: event.sku, node: event.node, units: event.units }] : [],
  );
  const units = new Map<string, World['stock'][number]>();
  for (const each of [...world.stock, ...receipts]) {
    const id = JSON.stringify([each.sku, each.node]);
    units.set(id, { ...each, units: each.units + (units.get(id)?.units ?? 0) });
  }
  return [...units.values()];
}
