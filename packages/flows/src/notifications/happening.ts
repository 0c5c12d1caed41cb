import { epochMs, instantSchema, type Instant } from '@quartermaster/domain';
import { orderCaseSchema } from '@quartermaster/fulfilment';
import type { ExceptionCase, ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import type { FlowContext } from '../context.ts';
import { careOf } from '../exceptions/exception-queue.ts';
import { nextActionOf } from '../exceptions/exception-next.ts';
import { findApproval } from '../maturity/approvals.ts';
import { freezeOf } from '../maturity/freeze.ts';

/** Something that people may be told of. `step` counts the escalations of an exception from one. */
export const happeningSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('exception'), exception: z.int() }),
  z.object({ kind: z.literal('escalation'), exception: z.int(), step: z.int().positive() }),
  z.object({ kind: z.literal('approval'), approval: z.string() }),
  z.object({ kind: z.literal('freeze'), since: instantSchema }),
]);
export type Happening = z.infer<typeof happeningSchema>;

/** The same for the same happening, and for no other. */
export function happeningKey(happening: Happening): string {
  switch (happening.kind) {
    case 'exception':
      return `exception/${happening.exception}`;
    case 'escalation':
      return `exception/${happening.exception}/${happening.step}`;
    case 'approval':
      return `approval/${happening.approval}`;
    case 'freeze':
      return `freeze/${happening.since}`;
  }
}

/** What happened longer ago is no news: whoever turns notifications on is not told of all that ever waited. */
const newsHours = 24;

export function isNews(at: Instant, now: Instant): boolean {
  return epochMs(now) - epochMs(at) < newsHours * 3_600_000;
}

/**
 * A happening in words: codes, order names, who has it, what to do next. Never a reason, which a vendor or a person wrote and which may name people. Null when it is over, or no news any more.
 */
export async function noticeOf(
  tx: ReadTransaction | Transaction,
  { settings, clock }: Pick<FlowContext, 'settings' | 'clock'>,
  happening: Happening,
): Promise<string | null> {
  const now = clock.now();
  const words = await wordsOf(tx, happening, now);
  const { link } = settings.notifications;
  if (words === null || !isNews(words.at, now)) return null;
  return link === null ? words.text : `${words.text} ${link}`;
}

type Words = { readonly text: string; readonly at: Instant };

async function wordsOf(tx: ReadTransaction | Transaction, happening: Happening, now: Instant): Promise<Words | null> {
  switch (happening.kind) {
    case 'exception': {
      const exception = await openException(tx, happening.exception);
      if (exception === null) return null;
      const { owner } = (await careOf(tx, exception.id)).body;
      return { text: await exceptionText(tx, exception, `with ${owner ?? exception.owner}`), at: exception.raisedAt };
    }
    case 'escalation': {
      const exception = await openException(tx, happening.exception);
      const step = (await careOf(tx, happening.exception)).body.escalations[happening.step - 1];
      if (exception === null || step === undefined) return null;
      return { text: await exceptionText(tx, exception, `waited too long and went to ${step.to}`), at: step.at };
    }
    case 'approval': {
      const approval = await findApproval(tx, happening.approval);
      if (approval?.state !== 'waiting') return null;
      const { id, flow, about, needs, askedAt } = approval;
      const text = `Approval ${id} (${flow}) of ${await nameOf(tx, about)} waits for the role ${needs}. Next: \`qm approve ${id}\` or \`qm reject ${id}\`.`;
      return { text, at: askedAt };
    }
    case 'freeze': {
      const freeze = await freezeOf(tx, now);
      if (freeze?.since !== happening.since) return null;
      return { text: `Policy and modes are frozen until ${freeze.until}.`, at: freeze.since };
    }
  }
}

async function openException(tx: ReadTransaction | Transaction, id: number): Promise<ExceptionCase | null> {
  const exception = await tx.exceptions.get(id);
  return exception?.resolved === null ? exception : null;
}

async function exceptionText(tx: ReadTransaction | Transaction, exception: ExceptionCase, standing: string): Promise<string> {
  const { id, code, subjectKey } = exception;
  const next = nextActionOf(exception);
  const [about = subjectKey] = subjectKey.split('/shipment/');
  return `Exception ${id} ${code}, ${await nameOf(tx, about)}: ${standing}.${next === null ? '' : ` Next: ${next}`}`;
}

/** An order by the name that people know; anything else by its key. */
async function nameOf(tx: ReadTransaction | Transaction, key: string): Promise<string> {
  const stored = await tx.records.get('order', key, orderCaseSchema);
  return stored === null ? key : `order ${stored.body.order.name}`;
}
