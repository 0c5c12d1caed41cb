import { ConflictError, JournalError, type Transaction } from '@quartermaster/journal';
import type { FlowContext } from '../context.ts';
import { rereadOrder } from '../intake/intake.ts';
import { recordCommand } from '../intents.ts';
import { applyNews, findCase } from '../order-cases.ts';
import { jsonOf } from '../plain-json.ts';
import { noteShown } from '../stock/known-levels.ts';
import { reread } from '../waves/wave-preparation.ts';
import type { Seen } from './choose-heals.ts';
import type { Heal } from './difference.ts';
import { noteHealed, type Healed } from './ledger.ts';
import { subjectKey } from './views.ts';

/** In whose name, and under whose lease. */
export type Healing = { readonly by: string; readonly reason: string; readonly guard: (tx: Transaction) => Promise<void> };

/**
 * Mends one difference: lets an ordinary event happen, or asks for a command again, and writes down in the same transaction what was done and what the sides said. Nothing is written to
 * a vendor here. What changed since it was looked at is left alone. A vendor that cannot be read again is noted as a failure, not thrown; only what the journal says is.
 */
export async function mend(context: FlowContext, { difference, entry }: Seen, healing: Healing): Promise<Healed['outcome']> {
  const { heal, cause, sides, subject } = difference;
  if (heal === null) return 'nothing-to-do';
  let outcome: Healed['outcome'] = 'nothing-to-do';
  const note = async (tx: Transaction, done: Healed['outcome'], detail: string): Promise<void> => {
    outcome = done;
    const at = context.clock.now();
    await noteHealed(tx, entry.key, { at, by: healing.by, heal: heal.kind, outcome: done, detail, sides });
    const kept = jsonOf({ cause, heal, sides, reason: healing.reason, detail });
    await tx.audit.append({
      at,
      actor: healing.by,
      event: `drift.${done === 'done' ? 'mended' : done}`,
      key: subjectKey(subject),
      detail: kept,
    });
  };
  const also = async (tx: Transaction, fresh: boolean): Promise<void> => {
    await healing.guard(tx);
    await note(tx, fresh ? 'done' : 'nothing-to-do', fresh ? 'what was read again was news' : 'what was read again was known already');
  };
  try {
    await carryOut(context, heal, entry.lastSeenAt, also);
  } catch (error) {
    // One that cannot be mended by a defect of ours holds up no other one.
    if (error instanceof JournalError || error instanceof ConflictError) throw error;
    const message = error instanceof Error ? error.message : 'an unknown error';
    await context.journal.transaction(async (tx) => {
      await healing.guard(tx);
      await note(tx, 'failed', message);
    });
  }
  context.log({ at: context.clock.now(), event: 'drift.mended', cause, about: subjectKey(subject), heal: heal.kind, outcome });
  return outcome;
}

async function carryOut(
  context: FlowContext,
  heal: Heal,
  seenAt: string,
  also: (tx: Transaction, fresh: boolean) => Promise<void>,
): Promise<void> {
  const { journal, clock } = context;
  switch (heal.kind) {
    case 'read-channel-again':
      return rereadOrder(context, heal.connection, heal.orderId, also);
    case 'read-erp-again': {
      const found = await journal.read((tx) => findCase(tx, heal.order));
      return found === null ? undefined : reread(context, found.case, also);
    }
    case 'ask-again':
      return journal.transaction(async (tx) => {
        const found = await findCase(tx, heal.order);
        const meant = found !== null && found.changedAt <= seenAt;
        if (meant) await recordCommand(tx, context, found.case, heal.command, clock.now());
        await also(tx, meant);
      });
    case 'hold':
      return journal.transaction(async (tx) => {
        const found = await findCase(tx, heal.order);
        const meant = found !== null && found.changedAt <= seenAt;
        const event = { kind: 'hold-placed', hold: heal.hold, by: 'quartermaster' } as const;
        await also(tx, meant && (await applyNews(tx, context, heal.order, event)));
      });
    case 'publish-again':
      return journal.transaction(async (tx) => also(tx, await noteShown(tx, heal.connection, heal, clock.now(), seenAt)));
  }
}
