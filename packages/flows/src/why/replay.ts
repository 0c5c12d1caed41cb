import type { Instant } from '@quartermaster/domain';
import type { JournalReader } from '@quartermaster/journal';
import { engineVersion, type MipSolver } from '@quartermaster/sourcing';
import { solveWhole } from '../waves/whole-kits.ts';
import { decisionIds, keptDecision, planHash, type KeptDecision } from './kept-decision.ts';

/** A decision made again from what the journal keeps of it. */
export type Replayed = {
  readonly id: string;
  readonly at: Instant;
  readonly recorded: string | null;
  readonly replayed: string;
  /** The plan is the recorded one to the byte, proof included. */
  readonly same: boolean;
  /** What may be why it is not; empty where it is the same. */
  readonly reasons: readonly string[];
};

/**
 * Decides a wave again from its stored inputs, overrides and options, and compares the hash of the plan. Asks nobody and writes nothing. `installed` is left unused
 * where the wave had no solver; where it had another one, or was decided by another version, the reasons say so.
 */
export async function replayDecision(decision: KeptDecision, installed: MipSolver | null): Promise<Replayed> {
  const { problem, overrides, options } = decision;
  const solver = solverOf(decision, installed);
  const solved = await solveWhole(problem, {
    ...options,
    ...(solver === null ? {} : { solver }),
    ...(overrides.length === 0 ? {} : { overrides }),
  });
  const replayed = planHash(solved.plan);
  const same = replayed === decision.planHash;
  return {
    id: decision.id,
    at: decision.at,
    recorded: decision.planHash,
    replayed,
    same,
    reasons: same ? [] : reasonsOf(decision, solver),
  };
}

/** The engine to decide a wave again with: none where it had none. */
export function solverOf({ engine }: Pick<KeptDecision, 'engine'>, installed: MipSolver | null): MipSolver | null {
  return engine !== null && engine.solver === null ? null : installed;
}

/** Replays decisions by their ids, one after the other, and tells of each as it is done. Null for an id that the journal does not have. */
export async function* replayAll(
  journal: JournalReader,
  solver: MipSolver | null,
  which: { readonly ids: readonly string[] } | { readonly newest: number },
): AsyncGenerator<Replayed | { readonly id: string; readonly missing: true }> {
  for (const id of 'ids' in which ? which.ids : await decisionIds(journal, which.newest)) {
    const decision = await journal.read((tx) => keptDecision(tx, id));
    yield decision === null ? { id, missing: true } : await replayDecision(decision, solver);
  }
}

function reasonsOf({ planHash: recorded, inputsHash, storedHash, engine, options }: KeptDecision, solver: MipSolver | null): string[] {
  const reasons: string[] = [];
  if (recorded === null || engine === null) reasons.push('it was decided before the hash of its plan was kept');
  if (inputsHash !== storedHash)
    reasons.push(`its stored inputs are not those that it was decided from (${inputsHash} then, ${storedHash} now)`);
  if (engine !== null && engine.version !== engineVersion)
    reasons.push(`it was decided by version ${engine.version}, this is ${engineVersion}`);
  if (engine !== null && engine.solver !== (solver?.name ?? null))
    reasons.push(`it was decided with ${engine.solver ?? 'no solver'}, this is ${solver?.name ?? 'no solver'}`);
  if (options.timeLimitMs !== undefined) reasons.push('it had a time limit: where that ended it, the plan depends on the machine');
  return reasons;
}
