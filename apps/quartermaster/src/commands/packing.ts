import { findOrders, packingOf, type OrderPacking } from '@quartermaster/flows';
import { CommandError, exitCodes, type ExitCode } from '../exit.ts';
import { printJson, type Output } from '../output.ts';
import { readJournal, type WhichJournal } from './journal-reading.ts';

/** `qm packing ORDER`: which box each parcel is, and where each unit goes in it. */
export async function packingCommand(
  given: WhichJournal & { readonly order: string; readonly json: boolean },
  output: Output,
): Promise<ExitCode> {
  await using journal = await readJournal(given);
  const [key, ...others] = await findOrders(journal, given.order);
  if (others.length > 0)
    throw new CommandError(
      exitCodes.usage,
      `${given.order} names ${others.length + 1} orders; say which, as CONNECTION/ORDER, or take one of these keys:\n${[key, ...others].map((each) => `  ${each}`).join('\n')}`,
    );
  const packing = key === undefined ? null : await packingOf(journal, key);
  if (packing === null) throw new CommandError(exitCodes.no, `the journal has no order ${given.order}`);
  if (given.json) printJson(output, packing);
  else output.out(packingText(packing));
  return exitCodes.ok;
}

export function packingText({ name, key, shipments }: OrderPacking): string {
  const lines = [name, `  ${key}`];
  if (shipments.length === 0) lines.push('nothing of it is to be packed');
  for (const { id, state, node, packing, instructions } of shipments) {
    lines.push('', `shipment ${id}: ${state}, from ${node}${packing?.by === 'weight' ? `, packed by weight: ${packing.why}` : ''}`);
    if (packing?.by === 'person') lines.push(`packed by ${packing.who} at ${packing.at}: ${packing.why}`);
    lines.push(...instructions);
  }
  return `${lines.join('\n')}\n`;
}
