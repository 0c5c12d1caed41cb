import type { Clock, Instant } from '@quartermaster/domain';
import type { Journal, JournalReader, ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import type { EventLog } from '../context.ts';
import { flowSettingsSchema, policySectionSchemas, type FlowSettings } from '../settings.ts';
import { readPolicy, sectionsIn, type PolicySections } from './policy-file.ts';
import { policyStamp, type PolicyStamp } from './policy-hash.ts';
import { policySections } from './policy-sections.ts';

const kind = 'policy';
const inForce = 'in-force';

/** One version of the policy in the journal: who put it in force, when and why, and all that its file says. */
const versionSchema = z.object({
  version: z.int().positive(),
  name: z.string(),
  hash: z.string(),
  /** `config`: it stands in the config; `apply`: a person applied it to the running system. */
  source: z.enum(['config', 'apply']),
  /** Hash of the policy of the config that it was put in force over. */
  configHash: z.string(),
  sections: z.record(z.string(), z.json()),
  by: z.string(),
  at: z.string(),
  reason: z.string(),
});
export type PolicyVersion = z.infer<typeof versionSchema>;

/** Which settings took the place of those that the config gave, in this process. */
const current = new WeakMap<FlowSettings, FlowSettings>();

/** The settings that hold now: those of the config, with the policy that was last applied. */
export function settingsInForce(configured: FlowSettings): FlowSettings {
  return current.get(configured) ?? configured;
}

/**
 * Settings as they would be under another policy. A section that it leaves out stands as the config has it; where the config's own policy file has it, as it is by default, since that file is what it
 * takes the place of. What is no policy stays. Pure.
 */
export function settingsUnder(
  configured: FlowSettings,
  policy: { readonly name: string; readonly sections: PolicySections },
): FlowSettings {
  const replaced = policySections.filter(
    (section) =>
      policy.sections[section] === undefined &&
      configured.policy.sections.includes(section) &&
      policySectionSchemas[section].safeParse(undefined).success,
  );
  const left = Object.fromEntries(Object.entries(configured).filter(([key]) => !replaced.some((section) => section === key)));
  return flowSettingsSchema.parse({ ...left, ...policy.sections, policy: { name: policy.name, sections: sectionsIn(policy.sections) } });
}

type Living = { readonly journal: Journal; readonly configured: FlowSettings; readonly clock: Clock; readonly log: EventLog };

/**
 * At the start of a process: notes the config's policy as a new version where it is another than the one that the newest version was put in force over. So what was said last holds, by a changed config
 * or by an apply.
 */
export async function beginPolicy(living: Living): Promise<void> {
  const { journal, configured, clock } = living;
  const { name, hash } = policyStamp(configured);
  await journal.transaction(async (tx) => {
    const newest = await tx.records.get(kind, inForce, versionSchema);
    if (newest?.body.configHash === hash) return;
    const draft = { name, hash, configHash: hash, source: 'config', sections: {}, by: 'quartermaster', at: clock.now() } as const;
    await keepVersion(tx, { ...draft, reason: 'the config says so' });
  });
  await takeUpPolicy(living);
}

/** Lets the newest policy of the journal hold from now on; whether it is another than before. To be called between two steps, never during one. */
export async function takeUpPolicy({ journal, configured, clock, log }: Living): Promise<boolean> {
  const newest = await journal.read(policyVersion);
  if (newest === null) return false;
  const held = settingsInForce(configured);
  if (policyStamp(held).hash === newest.hash && held.policy.name === newest.name) return false;
  if (newest.source === 'config') current.delete(configured);
  else {
    const read = readPolicy({ version: 1, name: newest.name, ...newest.sections });
    // What an older or newer program applied may not be what this one reads; its own config holds then.
    if (read.kind === 'wrong') return false;
    const settings = settingsUnder(configured, read);
    if (policyStamp(settings).hash === policyStamp(held).hash && settings.policy.name === held.policy.name) return false;
    current.set(configured, settings);
  }
  const { name, hash } = policyStamp(settingsInForce(configured));
  log({ at: clock.now(), event: 'policy.taken-up', policy: name, hash, version: newest.version });
  return true;
}

/** The settings of a config with the policy that its journal says is in force: for who looks at a journal beside the daemon. */
export async function settingsByJournal(journal: JournalReader, configured: FlowSettings): Promise<FlowSettings> {
  const newest = await journal.read(policyVersion);
  if (newest === null || newest.source === 'config' || newest.configHash !== policyStamp(configured).hash) return configured;
  const read = readPolicy({ version: 1, name: newest.name, ...newest.sections });
  return read.kind === 'wrong' ? configured : settingsUnder(configured, read);
}

/** The newest version; null in a journal of before there were any. */
export async function policyVersion(tx: ReadTransaction | Transaction): Promise<PolicyVersion | null> {
  return (await tx.records.get(kind, inForce, versionSchema))?.body ?? null;
}

/** Keeps a version after the newest one; gives its number. */
export async function keepVersion(tx: Transaction, draft: Omit<PolicyVersion, 'version'>): Promise<PolicyVersion> {
  const newest = await tx.records.get(kind, inForce, versionSchema);
  const body = { version: (newest?.body.version ?? 0) + 1, ...draft };
  await tx.records.put(kind, inForce, { state: 'current', body, at: draft.at, version: newest?.version ?? 0 });
  await tx.records.put(kind, versionKey(body.version), { state: 'kept', body, at: draft.at, version: 0 });
  return body;
}

/** All versions, the newest first. */
export async function policyHistory(journal: JournalReader): Promise<PolicyVersion[]> {
  return journal.read(versionsIn);
}

/** Which policy was in force at an instant: the newest version of until then; null before the first. A daemon takes a version up at its next turn. */
export async function policiesInTime(tx: ReadTransaction | Transaction): Promise<(at: Instant) => PolicyStamp | null> {
  const versions = await versionsIn(tx);
  return (at) => {
    const held = versions.find((version) => version.at <= at);
    return held === undefined ? null : { name: held.name, hash: held.hash };
  };
}

async function versionsIn(tx: ReadTransaction | Transaction): Promise<PolicyVersion[]> {
  const kept = await tx.records.list(kind, versionSchema, { states: ['kept'], limit: 10_000 });
  return kept.map(({ body }) => body).toSorted((one, other) => other.version - one.version);
}

function versionKey(version: number): string {
  return `v${String(version).padStart(8, '0')}`;
}
