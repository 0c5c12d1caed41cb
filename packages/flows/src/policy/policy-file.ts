import { z } from 'zod';
import { policySectionSchemas } from '../settings.ts';
import { policySections, type PolicySection } from './policy-sections.ts';

/** A policy as a file says it: JSON, YAML or what {@link definePolicy} is given. A section that is left out stays as the config has it, else as it is by default. */
export const policyFileSchema = z.strictObject({
  /** Of the form of the file. */
  version: z.literal(1),
  /** What people call this policy, such as `peak-2026`. */
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,60}$/, 'small letters, digits, dots and dashes, such as peak-2026'),
  ...z.strictObject(policySectionSchemas).partial().shape,
});

/** A policy as a person writes it. */
export type PolicyFile = z.input<typeof policyFileSchema>;

/** What a policy says of its sections, as it stands in the file: what it leaves out is not filled up. */
export type PolicySections = Pick<PolicyFile, PolicySection>;

/** Something in a policy that cannot be read: where, as people write it (`checks.reviewAbove.EUR`), and what was expected there. */
export type PolicyProblem = { readonly field: string; readonly message: string };

export type ReadPolicy =
  | { readonly kind: 'read'; readonly name: string; readonly sections: PolicySections }
  | { readonly kind: 'wrong'; readonly problems: readonly PolicyProblem[] };

/** Gives a policy written in TypeScript its type; changes nothing. */
export function definePolicy(policy: PolicyFile): PolicyFile {
  return policy;
}

/** Reads a policy, whatever file it stood in. Unknown keys are problems, so that a misspelt rule is not silently without effect. */
export function readPolicy(value: unknown): ReadPolicy {
  const parsed = policyFileSchema.safeParse(value);
  if (!parsed.success) return { kind: 'wrong', problems: parsed.error.issues.flatMap(problemsOf) };
  const given = rawSchema.parse(value);
  return { kind: 'read', name: parsed.data.name, sections: sectionsOf(given) };
}

/** The sections that a policy names. */
export function sectionsIn(sections: PolicySections): PolicySection[] {
  return policySections.filter((section) => sections[section] !== undefined);
}

/** What was checked, before defaults were filled in. */
const rawSchema = z.custom<PolicyFile>((value) => policyFileSchema.safeParse(value).success);

function sectionsOf(given: PolicyFile): PolicySections {
  const { version: _version, name: _name, ...sections } = given;
  return sections;
}

/** An unknown key is the field that is wrong, not the object that has it. */
function problemsOf(issue: z.core.$ZodIssue): PolicyProblem[] {
  if (issue.code !== 'unrecognized_keys') return [{ field: fieldText(issue.path), message: issue.message }];
  return issue.keys.map((key) => ({ field: fieldText([...issue.path, key]), message: 'there is no such field' }));
}

/** `eligibility[0].nodes`, as people write it. */
export function fieldText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the whole policy';
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`)).join('');
}
