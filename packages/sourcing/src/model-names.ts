import type { MipProblem } from './solver-port.ts';

/**
 * A program whose columns and rows have names that every modelling format takes: a word, then numbers behind letters (`ship_o3_n1_v0_c0`).
 * The legend says what `o3` and `n1` are called in the problem, whatever characters an id is made of.
 */
export interface NamedProgram {
  readonly program: MipProblem;
  readonly columnNames: readonly string[];
  readonly rowNames: readonly string[];
  readonly legend: readonly (readonly [name: string, meaning: string])[];
}

/** A column and its coefficient in a row. */
export type Entry = [column: number, coefficient: number];

/** A named program while it is built. */
export interface ModelInMaking {
  readonly columns: { cost: number; lower: number; upper: number; integer: boolean }[];
  readonly columnNames: string[];
  readonly rows: { lower: number; upper: number; entries: readonly Entry[] }[];
  readonly rowNames: string[];
}

export function emptyModel(): ModelInMaking {
  return { columns: [], columnNames: [], rows: [], rowNames: [] };
}

/** Adds a column from 0 to `upper` and says its number. */
export function modelColumn(
  making: ModelInMaking,
  name: string,
  { cost, upper, integer = false }: { readonly cost: number; readonly upper: number; readonly integer?: boolean },
): number {
  making.columnNames.push(name);
  return making.columns.push({ cost, lower: 0, upper, integer }) - 1;
}

/** Adds a row; entries that are 0 are left out. */
export function modelRow(making: ModelInMaking, name: string, lower: number, upper: number, entries: readonly Entry[]): void {
  making.rowNames.push(name);
  making.rows.push({ lower, upper, entries: entries.filter(([, coefficient]) => coefficient !== 0) });
}
