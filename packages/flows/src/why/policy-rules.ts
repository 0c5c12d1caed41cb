import type { FlowSettings } from '../settings.ts';

/** A rule of a policy that decides what may ship how, and the settings without it. What only weighs (late days, splits) is a price and no rule. */
export type PolicyRule = { readonly name: string; readonly words: string; readonly without: (settings: FlowSettings) => FlowSettings };

/** Every rule of a policy that can be priced, by its place in the file, in the file's order. */
export function policyRules(settings: FlowSettings): PolicyRule[] {
  return [
    ...namedRules(settings.eligibility, 'eligibility', 'which nodes may ship what', (kept) => ({ eligibility: kept })),
    ...namedRules(settings.splits, 'splits', 'how orders may be divided', (kept) => ({ splits: kept })),
    ...namedRules(settings.priorities, 'priorities', 'what orders are worth more', (kept) => ({ priorities: kept })),
    ...serviceRules(settings),
  ];
}

/** Rules of one section, each named by it and its own name; `kept` are the section's rules without one of them. */
function namedRules<Rule extends { readonly name: string }>(
  rules: readonly Rule[],
  section: string,
  words: string,
  change: (kept: Rule[]) => Partial<FlowSettings>,
): PolicyRule[] {
  return rules.map(({ name }, index) => ({
    name: `${section}.${name}`,
    words,
    without: (settings) => ({ ...settings, ...change(rules.filter((_, at) => at !== index)) }),
  }));
}

function serviceRules({ sourcing: { servicesFor } }: FlowSettings): PolicyRule[] {
  return Object.entries(servicesFor).map(([asked, services]) => ({
    name: `sourcing.servicesFor.${asked}`,
    words: `orders that ask for ${asked} go by ${services.join(' or ')} only`,
    without: (settings) => ({
      ...settings,
      sourcing: {
        ...settings.sourcing,
        servicesFor: Object.fromEntries(Object.entries(settings.sourcing.servicesFor).filter(([name]) => name !== asked)),
      },
    }),
  }));
}
