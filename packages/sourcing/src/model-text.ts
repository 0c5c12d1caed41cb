import type { NamedProgram } from './model-names.ts';
import { mergedEntries } from './solver-answer.ts';

/** Texts longer than this are broken into lines: old readers take no more than 255 characters. */
const lineLength = 200;

/**
 * The program as CPLEX LP text, which HiGHS, glpsol, CBC, SCIP, Gurobi and CPLEX read. The legend of the names stands at its head, as comments.
 * A row with two limits becomes two rows (`_low` and `_high`); a row without any is left out.
 */
export function lpText(model: NamedProgram): string {
  const { program, columnNames, legend } = model;
  const sumText = (entries: Iterable<readonly [number, number]>): string =>
    wrapped([...entries].map(([column, coefficient]) => `${signed(coefficient)} ${columnNames[column]}`)) || zeroText(columnNames);
  const costs = program.columns.flatMap(({ cost }, column): [number, number][] => (cost === 0 ? [] : [[column, cost]]));
  const rows = sides(model).map(({ name, sense, limit, entries }) => ` ${name}: ${sumText(entries)} ${sense} ${numberText(limit)}\n`);
  const bounds = program.columns.map((column, index) => {
    const name = columnNames[index]!;
    if (column.lower === -Infinity && column.upper === Infinity) return ` ${name} free\n`;
    const upper = column.upper === Infinity ? '' : ` <= ${numberText(column.upper)}`;
    return ` ${column.lower === -Infinity ? '-inf' : numberText(column.lower)} <= ${name}${upper}\n`;
  });
  const integers = program.columns.flatMap(({ integer }, index) => (integer ? [` ${columnNames[index]}\n`] : []));
  return [
    ...legend.map(([name, meaning]) => `\\ ${name}: ${meaning}\n`),
    `Minimize\n cost: ${sumText(costs)}\n`,
    'Subject To\n',
    ...rows,
    'Bounds\n',
    ...bounds,
    ...(integers.length > 0 ? ['Generals\n', ...integers] : []),
    'End\n',
  ].join('');
}

/** The program as free MPS text, which every engine reads. The legend of the names stands at its head, as comments. A row with two limits becomes two rows (`_low` and `_high`); a row without any is left out. */
export function mpsText(model: NamedProgram): string {
  const { program, columnNames, legend } = model;
  const rows = sides(model);
  const inColumn = program.columns.map(({ cost }): string[] => (cost === 0 ? [] : [`cost ${numberText(cost)}`]));
  for (const { name, entries } of rows)
    for (const [column, coefficient] of entries) inColumn[column]!.push(`${name} ${numberText(coefficient)}`);
  const columns: string[] = [];
  let inside = false;
  for (const [index, { integer }] of program.columns.entries()) {
    if (integer !== inside) columns.push(marker(columns.length, integer));
    inside = integer;
    for (const cell of inColumn[index]!.length > 0 ? inColumn[index]! : ['cost 0']) columns.push(` ${columnNames[index]} ${cell}\n`);
  }
  if (inside) columns.push(marker(columns.length, false));
  const bounds = program.columns.map(({ lower, upper }, index) => {
    const name = columnNames[index]!;
    if (lower === -Infinity && upper === Infinity) return ` FR BND ${name}\n`;
    const low = lower === -Infinity ? ` MI BND ${name}\n` : ` LO BND ${name} ${numberText(lower)}\n`;
    return low + (upper === Infinity ? ` PL BND ${name}\n` : ` UP BND ${name} ${numberText(upper)}\n`);
  });
  return [
    ...legend.map(([name, meaning]) => `* ${name}: ${meaning}\n`),
    'NAME sourcing\nROWS\n N cost\n',
    ...rows.map(({ name, sense }) => ` ${{ '<=': 'L', '>=': 'G', '=': 'E' }[sense]} ${name}\n`),
    'COLUMNS\n',
    ...columns,
    'RHS\n',
    ...rows.flatMap(({ name, limit }) => (limit === 0 ? [] : [` RHS ${name} ${numberText(limit)}\n`])),
    'BOUNDS\n',
    ...bounds,
    'ENDATA\n',
  ].join('');
}

/** A row as one inequality or equation. */
interface Side {
  readonly name: string;
  readonly sense: '<=' | '>=' | '=';
  readonly limit: number;
  readonly entries: ReadonlyMap<number, number>;
}

function sides({ program, rowNames }: NamedProgram): Side[] {
  return program.rows.flatMap(({ lower, upper, entries: given }, index): Side[] => {
    const name = rowNames[index]!;
    const entries = mergedEntries(given);
    if (lower === upper) return [{ name, sense: '=', limit: lower, entries }];
    const both = lower > -Infinity && upper < Infinity;
    return [
      ...(lower > -Infinity ? [{ name: both ? `${name}_low` : name, sense: '>=', limit: lower, entries } as const] : []),
      ...(upper < Infinity ? [{ name: both ? `${name}_high` : name, sense: '<=', limit: upper, entries } as const] : []),
    ];
  });
}

function marker(index: number, begins: boolean): string {
  return ` M${index} 'MARKER' '${begins ? 'INTORG' : 'INTEND'}'\n`;
}

/** A sum without terms: readers want at least one column. */
function zeroText(columnNames: readonly string[]): string {
  return `0 ${columnNames[0] ?? 'nothing'}`;
}

function signed(value: number): string {
  return value < 0 ? `- ${numberText(-value)}` : `+ ${numberText(value)}`;
}

/** The sum gives 0 for -0. */
function numberText(value: number): string {
  return String(value + 0);
}

function wrapped(terms: readonly string[]): string {
  const lines: string[] = [];
  let line = '';
  for (const term of terms) {
    if (line.length + term.length > lineLength) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? term : ` ${term}`;
  }
  return [...lines, line].join('\n  ');
}
