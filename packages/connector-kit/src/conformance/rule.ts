/** A rule of a port as its suite has it, to be run on any connector that has what it needs. `check` rejects with an `AssertionError` where the rule is broken. */
export type Rule<Subject, Feature extends string> = {
  readonly title: string;
  readonly needs: readonly Feature[];
  readonly check: (subject: Subject) => Promise<void>;
};

/** One rule of a port, to be run on one connector by any test runner. */
export type ConformanceCase<Feature extends string = string> = {
  readonly title: string;
  readonly needs: readonly Feature[];
  readonly run: () => Promise<void>;
  /** What came of its last run. */
  readonly outcome: () => 'not-run' | 'kept' | 'broken';
};

/** The rules that a subject has to keep: one that needs what the subject lacks is left out. */
export function casesOf<Feature extends string, Subject extends { readonly lacks: Readonly<Partial<Record<Feature, string>>> }>(
  rules: readonly Rule<Subject, Feature>[],
  subject: Subject,
): ConformanceCase<Feature>[] {
  return rules.filter(({ needs }) => needs.every((feature) => subject.lacks[feature] === undefined)).map((rule) => caseOf(rule, subject));
}

function caseOf<Feature extends string, Subject>(
  { title, needs, check }: Rule<Subject, Feature>,
  subject: Subject,
): ConformanceCase<Feature> {
  let outcome: 'not-run' | 'kept' | 'broken' = 'not-run';
  return {
    title,
    needs,
    outcome: () => outcome,
    async run() {
      outcome = 'broken';
      await check(subject);
      outcome = 'kept';
    },
  };
}

/** Throws when a rule was not run, or not kept: nothing may be said of such a connector. */
export function allKept(cases: readonly ConformanceCase[]): void {
  const open = cases.filter(({ outcome }) => outcome() !== 'kept').map(({ title }) => title);
  if (open.length > 0) throw new Error(`not run or not kept: ${open.join('; ')}`);
}
