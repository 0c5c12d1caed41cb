import { maxExactLines } from './compile.ts';

/** Number of lines in a mask. */
export function linesIn(mask: number): number {
  let count = 0;
  for (let rest = mask; rest > 0; rest &= rest - 1) count++;
  return count;
}

/** By mask: its lines. Shipments share these lists: one for each of a hundred thousand would take more room than all else that a plan is. */
const known: (readonly number[] | undefined)[] = Array.from({ length: 2 ** maxExactLines });

/** The lines of a mask, rising. */
export function linesOf(mask: number): readonly number[] {
  return (known[mask] ??= Array.from({ length: 32 - Math.clz32(mask) }, (_, line) => line).filter((line) => ((mask >> line) & 1) === 1));
}

/** The same rising lines as a list that others share, where an order with few enough lines for a mask can have them. */
export function sharedLines(lines: readonly number[]): readonly number[] {
  return lines.every((line) => line < maxExactLines) ? linesOf(maskOf(lines)) : lines;
}

/** The mask of lines that are few enough for one. */
export function maskOf(lines: readonly number[]): number {
  return lines.reduce((mask, line) => mask | (1 << line), 0);
}
