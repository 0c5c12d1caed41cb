import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** What a conformance suite left of one connector; each port's record has more beside it. */
export type Recorded = {
  readonly rules: number;
  readonly features: Readonly<Record<string, true | string>>;
  readonly safety: Readonly<Record<string, string | null>>;
};

/** The fields of a record that every port's have; `features` are those of the port. */
export function recordFields<Feature extends string>(features: readonly Feature[]) {
  return {
    rules: z.int(),
    features: z.record(z.enum(features), z.union([z.literal(true), z.string()])),
    safety: z.record(z.string(), z.string().nullable()),
  };
}

/** The records of all packages under a folder, by the order of their paths. Throws where a package has none, or one of another shape. */
export function recordsUnder<Record>(root: string, folder: string, schema: z.ZodType<Record>): Record[] {
  return globSync(`${folder}/*/package.json`, { cwd: root })
    .toSorted()
    .map((manifest) => schema.parse(JSON.parse(readFileSync(join(root, dirname(manifest), 'conformance.json'), 'utf8'))));
}

/** A page on the connectors of one port as their suite saw them: who has what and why not, how effects are kept from happening twice, figures, and the rules. */
export function conformancePage<Record extends Recorded>(page: {
  /** Title and first words. */
  readonly head: string;
  readonly records: readonly Record[];
  readonly nameOf: (record: Record) => string;
  /** In plain words what a feature is, in the order of the page. */
  readonly meaning: Readonly<{ [feature: string]: string }>;
  /** In plain words what an effect is. */
  readonly effects: Readonly<{ [effect: string]: string }>;
  readonly figures: readonly (readonly [name: string, of: (record: Record) => string])[];
  readonly rules: readonly { readonly title: string; readonly needs: readonly string[] }[];
  /** What the connectors are called together, such as `channels`. */
  readonly plural: string;
}): string {
  const { head, records, nameOf, meaning, effects, figures, rules, plural } = page;
  const header = (first: string) => row([first, ...records.map(nameOf)]);
  const line = row(['---', ...records.map(() => '---')]);
  const notes: string[] = [];
  const mark = (value: true | string | undefined): string => {
    if (value === undefined) return '?';
    if (value === true) return 'yes';
    if (!notes.includes(value)) notes.push(value);
    return `no (${notes.indexOf(value) + 1})`;
  };
  const featureRows = Object.entries(meaning).map(([feature, words]) =>
    row([words, ...records.map(({ features }) => mark(features[feature]))]),
  );
  const effectRows = Object.entries(effects).map(([effect, words]) => row([words, ...records.map(({ safety }) => safety[effect] ?? '–')]));
  const figureRows = [
    ...figures.map(([name, of]) => row([name, ...records.map(of)])),
    row(['rules kept', ...records.map(({ rules: kept }) => `${kept} of ${rules.length}`)]),
  ];
  const ruleRows = rules.map(({ title, needs }) => `- ${title}${needs.length === 0 ? '' : ` (${needs.join(', ')})`}`);
  return [
    head,
    [header('what'), line, ...featureRows].join('\n'),
    notes.map((note, index) => `${index + 1}. ${note}`).join('\n'),
    '## How an effect is kept from happening twice',
    [header('effect'), line, ...effectRows].join('\n'),
    '## Figures',
    [header('figure'), line, ...figureRows].join('\n'),
    `## The rules\n\nA rule with features behind it is asked only of ${plural} that have them.\n\n${ruleRows.join('\n')}`,
    '',
  ].join('\n\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
