import { instantSchema, type Instant } from '@quartermaster/domain';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { policyStamp } from '../policy/policy-hash.ts';
import { policyVersion } from '../policy/policy-in-force.ts';
import type { FlowSettings } from '../settings.ts';
import { refused, type Refused } from '../operations/operation.ts';

/** A change freeze: until then nobody changes how the program decides. What people decide about single orders goes on. */
export const freezeSchema = z.object({
  by: z.string(),
  reason: z.string(),
  since: instantSchema,
  until: instantSchema,
  /** The mode of every connection when it began. */
  modes: z.record(z.string(), z.string()),
});
export type Freeze = z.infer<typeof freezeSchema>;

/** What a freeze keeps as it is, and what it does not, for people. */
export const frozenWhat = 'Policy and modes stay as they are. Holds, releases, overrides, approvals, retries and pauses go on.';

const freezeKind = 'freeze';
const key = 'current';

/** The freeze that stands now; null when none does. */
export async function freezeOf(tx: ReadTransaction | Transaction, now: Instant): Promise<Freeze | null> {
  const found = await tx.records.get(freezeKind, key, freezeSchema);
  return found !== null && found.state === 'frozen' && found.body.until > now ? found.body : null;
}

/** Why something that changes how the program decides may not be done now; null when it may. For every operation that does such a thing. */
export async function whyFrozen(tx: ReadTransaction | Transaction, now: Instant, what: string): Promise<Refused | null> {
  const freeze = await freezeOf(tx, now);
  if (freeze === null) return null;
  const { by, reason, until } = freeze;
  return refused(
    'frozen',
    `${what} is frozen until ${until} by ${by}: ${reason}`,
    "Wait until then, or have an administrator end it with 'qm unfreeze'.",
  );
}

/** What a config would change in spite of a freeze, in a sentence; null when nothing. For who starts with a config that somebody edited. */
export async function frozenChange(tx: ReadTransaction | Transaction, settings: FlowSettings, now: Instant): Promise<string | null> {
  const freeze = await freezeOf(tx, now);
  if (freeze === null) return null;
  const modes = modesOf(settings);
  const changed = Object.entries(freeze.modes).filter(([connection, mode]) => modes[connection] !== mode);
  const added = Object.keys(modes).filter((connection) => freeze.modes[connection] === undefined);
  const newest = await policyVersion(tx);
  const what = [
    ...changed.map(([connection, mode]) => `${connection} was ${mode} and would be ${modes[connection] ?? 'gone'}`),
    ...added.map((connection) => `${connection} is new`),
    ...(newest !== null && newest.configHash !== policyStamp(settings).hash ? ['the policy of the config is another one'] : []),
  ];
  if (what.length === 0) return null;
  return `policy and modes are frozen until ${freeze.until} by ${freeze.by} (${freeze.reason}), and the config changes them: ${what.join('; ')}`;
}

/** The mode of every connection. */
export function modesOf({ erp, channels, carriers }: FlowSettings): Record<string, string> {
  return Object.fromEntries([erp, ...channels, ...carriers].map(({ connection, mode }) => [connection, mode]));
}

/** Keeps a freeze, or that there is none any more. */
export async function keepFreeze(
  tx: Transaction,
  body: Freeze,
  given: { readonly state: 'frozen' | 'lifted'; readonly now: Instant },
): Promise<void> {
  const version = (await tx.records.get(freezeKind, key, freezeSchema))?.version ?? 0;
  await tx.records.put(freezeKind, key, { state: given.state, body, at: given.now, version });
}
