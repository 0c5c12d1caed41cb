import { moneyFromDecimal } from '@quartermaster/domain';
import { driftCauses, type DriftCause } from './causes.ts';
import type { Difference } from './difference.ts';
import { isConfirmed, type DriftEntry } from './ledger.ts';
import type { DriftPolicy } from './policy.ts';

/**
 * What is done about a difference. `seen-once`: the next look decides. `person`: nothing can be mended by itself. `not-automatic`: it can, when a supervisor says so. `observed`,
 * `away`: a connection may not be written to, or does not answer. `too-many`: the next look goes on.
 */
export type Verdict =
  | { readonly kind: 'heal' }
  | {
      readonly kind: 'left';
      readonly why: 'seen-once' | 'person' | 'not-automatic' | 'observed' | 'away' | 'too-much' | 'did-not-hold' | 'too-many';
    };

export type Seen = { readonly difference: Difference; readonly entry: DriftEntry };

/** Why a difference that stays is told to a person, in words; null: it is not told, because it may pass, or waits for its turn. */
export function whyTold(verdict: Verdict): string | null {
  if (verdict.kind === 'heal') return null;
  switch (verdict.why) {
    case 'person':
      return '';
    case 'not-automatic':
      return 'the daemon may not mend this by itself';
    case 'too-much':
      return 'it is more than may be mended by itself';
    case 'did-not-hold':
      return 'mending it did not help';
    case 'seen-once':
    case 'observed':
    case 'away':
    case 'too-many':
      return null;
  }
}

/** So often the same difference is mended by itself while it lasts; and so often it is tried where that fails. */
const healsAtMost = 2;
const failuresAtMost = 4;

/**
 * Which differences of a look are mended now, in the order in which they came; the same number of verdicts. Pure. `causes`: those that may be; `access` says of a difference whether
 * what mends it may be written and answers.
 */
export function chooseHeals(
  seen: readonly Seen[],
  given: {
    readonly policy: DriftPolicy;
    readonly currency: string;
    readonly causes: ReadonlySet<DriftCause>;
    readonly access: (difference: Difference) => 'free' | 'observed' | 'away';
  },
): Verdict[] {
  const { policy, currency, causes, access } = given;
  const most = moneyFromDecimal(policy.moneyPerHeal, currency);
  let left = policy.healsPerRun;
  return seen.map(({ difference, entry }): Verdict => {
    const no = (why: Extract<Verdict, { kind: 'left' }>['why']): Verdict => ({ kind: 'left', why });
    const { cause, heal, units, money } = difference;
    if (!isConfirmed(entry, policy.windowMinutes)) return no('seen-once');
    if (heal === null) return no('person');
    const reach = access(difference);
    if (reach !== 'free') return no(reach);
    if (!causes.has(cause)) return no('not-automatic');
    // Holding an order and reading it again cost nothing and give nothing away: bounds are for what moves money or goods.
    const moves =
      driftCauses[cause].heal === 'ask-again' || driftCauses[cause].heal === 'publish-again' || cause === 'shipped-by-hand-in-erp';
    const tooDear = money !== null && (money.currency !== currency || money.minor > most.minor);
    if (moves && (units > policy.unitsPerHeal || tooDear)) return no('too-much');
    const tries = entry.healed.filter((deed) => deed.at >= entry.firstSeenAt);
    const failures = tries.filter((deed) => deed.outcome === 'failed').length;
    if (tries.length - failures >= healsAtMost || failures >= failuresAtMost) return no('did-not-hold');
    if (left <= 0) return no('too-many');
    left -= 1;
    return { kind: 'heal' };
  });
}
