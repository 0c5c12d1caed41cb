import { canonicalJson } from './policy-hash.ts';
import { policySections, type PolicySection, type PolicySettings } from './policy-sections.ts';

/** One thing that a policy says otherwise than another: where, in whose words it was and is, and the whole as a sentence. */
export type PolicyDifference = {
  readonly section: PolicySection;
  /** `priorities "web first"`, `checks.reviewAbove.EUR`. */
  readonly field: string;
  /** Null: it is not there. */
  readonly was: string | null;
  readonly is: string | null;
  readonly says: string;
};

/** What is otherwise in `is` than in `was`, by section; empty when both decide alike. Rules are known by their names: one that only moved is told as moved. */
export function policyDifferences(was: PolicySettings, is: PolicySettings): PolicyDifference[] {
  return policySections.flatMap((section) =>
    differences(section, was[section], is[section]).map((each) => ({ section, ...each, says: sentence(each) })),
  );
}

type Difference = Pick<PolicyDifference, 'field' | 'was' | 'is'>;

function differences(field: string, was: unknown, is: unknown): Difference[] {
  if (canonicalJson(was) === canonicalJson(is)) return [];
  if (isNamed(was) && isNamed(is)) return ruleDifferences(field, was, is);
  if (!isPlain(was) || !isPlain(is)) return [{ field, was: textOf(was), is: textOf(is) }];
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
  return keys.flatMap((key) => differences(`${field}.${key}`, was[key], is[key]));
}

function ruleDifferences(field: string, was: readonly Named[], is: readonly Named[]): Difference[] {
  const place = (rules: readonly Named[], name: string) => rules.findIndex((rule) => rule.name === name);
  const names = [...new Set([...was, ...is].map(({ name }) => name))];
  const changed = names.flatMap((name) => differences(`${field} "${name}"`, was[place(was, name)], is[place(is, name)]));
  const both = names.filter((name) => place(was, name) >= 0 && place(is, name) >= 0);
  const [before, after] = [was, is].map((rules) => both.toSorted((a, b) => place(rules, a) - place(rules, b)).join(', '));
  return before === after ? changed : [...changed, { field: `order of ${field}`, was: before ?? '', is: after ?? '' }];
}

function sentence({ field, was, is }: Difference): string {
  if (was === null) return `${field} is new: ${is ?? ''}`;
  if (is === null) return `${field} is gone: it was ${was}`;
  return `${field} was ${was}, is ${is}`;
}

type Named = { readonly name: string };

/** Rules with names of their own, each once. */
function isNamed(value: unknown): value is readonly Named[] {
  if (!Array.isArray(value)) return false;
  const names = value.map((each: unknown) => (isPlain(each) && typeof each['name'] === 'string' ? each['name'] : null));
  return names.every((name) => name !== null) && new Set(names).size === names.length;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | null {
  return value === undefined ? null : canonicalJson(value);
}
