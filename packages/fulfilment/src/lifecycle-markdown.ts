import { orderLifecycle, shipmentLifecycle, type Step } from './lifecycle.ts';

/** The lifecycle tables as a page for people: a Mermaid diagram and every cell, for orders and for shipments. `LIFECYCLE.md` is this text. */
export function lifecycleMarkdown(): string {
  return [
    '# Lifecycles',
    '',
    'Generated from `src/lifecycle.ts` by `lifecycleMarkdown()`; a test holds the two equal. What the states mean stands in the README.',
    '',
    ...section('An order', ['held', 'open', 'cancelled'], orderLifecycle),
    ...section('A shipment', ['planned'], shipmentLifecycle),
  ].join('\n');
}

type Table<State extends string, Event extends string> = Readonly<Record<State, Readonly<Record<Event, Step<State>>>>>;

function section<State extends string, Event extends string>(title: string, first: readonly State[], table: Table<State, Event>): string[] {
  const rows = entriesOf(table);
  return [
    `## ${title}`,
    '',
    '```mermaid',
    'stateDiagram-v2',
    ...first.map((state) => `  [*] --> ${state}`),
    ...rows.flatMap(([state, cells]) => arrows(state, cells)),
    '```',
    '',
    ...rows.flatMap(([state, cells]) => [
      `### ${state}`,
      '',
      ...evenTable([['event', 'leads to', 'what happens, or why not'], ...entriesOf(cells).map(([event, step]) => [event, ...cell(step)])]),
      '',
    ]),
  ];
}

function arrows<State extends string, Event extends string>(state: State, cells: Readonly<Record<Event, Step<State>>>): string[] {
  const events = new Map<State, Event[]>();
  for (const [event, step] of entriesOf(cells)) {
    for (const target of 'to' in step ? step.to : []) {
      if (target !== state) events.set(target, [...(events.get(target) ?? []), event]);
    }
  }
  return [...events].map(([target, names]) => `  ${state} --> ${target}: ${names.join(', ')}`);
}

function cell<State extends string>(step: Step<State>): [string, string] {
  if ('to' in step) return [step.to.join(', '), step.does];
  return 'illegal' in step ? ['illegal', step.illegal] : ['–', step.ignore];
}

/** A Markdown table with columns of even width, as the formatter leaves it; the first row is the head. */
function evenTable(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const [head, ...body] = rows.map((row) => `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [head ?? '', rule, ...body];
}

/** `Object.entries` with the keys that the type promises; the tables have no others. */
function entriesOf<Key extends string, Value>(record: Readonly<Record<Key, Value>>): [Key, Value][] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- literal tables of this package, whose keys the compiler has counted
  return Object.entries(record) as [Key, Value][];
}
