import type { FlowSettings } from '../settings.ts';

/** A rule of a policy that decides what may ship how, and the settings without it. What only weighs (late days, splits) is a price and no rule. */
export type PolicyRule = { readonly name: string; readonly words: string; readonly without: (settings: FlowSettings) => FlowSettings };

/** Every rule of a policy that can be priced, by its place in the file, in the file's order. */
export function policyRules(settings: FlowSettings): PolicyRule[] {
  return [...serviceRules(settings)];
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
