import type { FlowSettings } from '@quartermaster/flows';

/** What the doctor says of one subject. */
export type Finding = {
  readonly subject: string;
  readonly facts: string;
  readonly problems: readonly string[];
  /** What works, but is worth knowing. */
  readonly notes: readonly string[];
};

/** Nodes whose days nobody can tell, and those that have no pick zone though pick waves are made by zone. */
export function nodesFinding({ nodes, release }: Pick<FlowSettings, 'nodes' | 'release'>): Finding {
  const ids = (wanted: (node: FlowSettings['nodes'][number]) => boolean) => nodes.filter(wanted).map(({ id }) => id);
  const strange = ids(({ zone }) => !isTimeZone(zone));
  const zoneless = release.groupBy.includes('zone') ? ids(({ id }) => !release.zones.some((zone) => zone.nodes?.includes(id) ?? true)) : [];
  return {
    subject: 'nodes',
    facts: nodes.map(({ id }) => id).join(', '),
    problems: strange.map((id) => `The node ${id} has no time zone that is known: write one such as Europe/Berlin (\`nodes\`).`),
    notes: zoneless.map((id) => `The node ${id} has no pick zone, though pick waves are made by zone: add one (\`release.zones\`).`),
  };
}

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
