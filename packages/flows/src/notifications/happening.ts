import { epochMs, instantSchema, type ErpOrderKey, type Instant, type Notice } from '@quartermaster/domain';
import { orderCaseSchema } from '@quartermaster/fulfilment';
import type { ExceptionCase, ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import type { FlowContext } from '../context.ts';
import { erpKeyOf } from '../erp-effects.ts';
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

type Reading = ReadTransaction | Transaction;
type Around = Pick<FlowContext, 'settings' | 'clock'>;

/**
 * A happening in words: codes, order names, who has it, what to do next. Never a reason, which a vendor or a person wrote and which may name people. Null when it is over, or no news any more.
 */
export async function noticeOf(tx: Reading, { settings, clock }: Around, happening: Happening): Promise<Notice | null> {
  const now = clock.now();
  const words = await wordsOf(tx, happening, now);
  if (words === null || !isNews(words.at, now)) return null;
  const { link } = settings.notifications;
  const { title, text } = words;
  return { title, text: link === null ? text : `${text} ${link}`, about: await orderAbout(tx, happening) };
}

/** Whether nobody has to do anything about it any more. */
export async function isOver(tx: Reading, { clock }: Around, happening: Happening): Promise<boolean> {
  return (await wordsOf(tx, happening, clock.now())) === null;
}

/** The order that it is about, also when it is over; null for one that is about no order, or about one that is not in the ERP. */
export async function orderAbout(tx: Reading, happening: Happening): Promise<ErpOrderKey | null> {
  const subject = await subjectOf(tx, happening);
  const stored = subject === null ? null : await tx.records.get('order', subject, orderCaseSchema);
  return stored === null || stored.body.erp === null ? null : erpKeyOf(stored.body);
}

async function subjectOf(tx: Reading, happening: Happening): Promise<string | null> {
  switch (happening.kind) {
    case 'exception':
    case 'escalation': {
      const exception = await tx.exceptions.get(happening.exception);
      return exception === null ? null : orderSubject(exception);
    }
    case 'approval':
      return (await findApproval(tx, happening.approval))?.about ?? null;
    case 'freeze':
      return null;
  }
}

type Words = { readonly title: string; readonly text: string; readonly at: Instant };

async function wordsOf(tx: Reading, happening: Happening, now: Instant): Promise<Words | null> {
  switch (happening.kind) {
    case 'exception': {
      const exception = await openException(tx, happening.exception);
      if (exception === null) return null;
      const { owner } = (await careOf(tx, exception.id)).body;
      const text = await exceptionText(tx, exception, `with ${owner ?? exception.owner}`);
      return { title: exceptionTitle(exception), text, at: exception.raisedAt };
    }
    case 'escalation': {
      const exception = await openException(tx, happening.exception);
      const step = (await careOf(tx, happening.exception)).body.escalations[happening.step - 1];
      if (exception === null || step === undefined) return null;
      const text = await exceptionText(tx, exception, `waited too long and went to ${step.to}`);
      return { title: `${exceptionTitle(exception)} waited too long`, text, at: step.at };
    }
    case 'approval': {
      const approval = await findApproval(tx, happening.approval);
      if (approval?.state !== 'waiting') return null;
      const { id, flow, about, needs, askedAt } = approval;
      const title = `Approval ${id} (${flow})`;
      const text = `${title} of ${await nameOf(tx, about)} waits for the role ${needs}. Next: \`qm approve ${id}\` or \`qm reject ${id}\`.`;
      return { title, text, at: askedAt };
    }
    case 'freeze': {
      const freeze = await freezeOf(tx, now);
      if (freeze?.since !== happening.since) return null;
      return { title: 'Change freeze', text: `Policy and modes are frozen until ${freeze.until}.`, at: freeze.since };
    }
  }
}

async function openException(tx: Reading, id: number): Promise<ExceptionCase | null> {
  const exception = await tx.exceptions.get(id);
  return exception?.resolved === null ? exception : null;
}

async function exceptionText(tx: Reading, exception: ExceptionCase, standing: string): Promise<string> {
  const next = nextActionOf(exception);
  const about = await nameOf(tx, orderSubject(exception));
  return `${exceptionTitle(exception)}, ${about}: ${standing}.${next === null ? '' : ` Next: ${next}`}`;
}

function exceptionTitle({ id, code }: ExceptionCase): string {
  return `Exception ${id} ${code}`;
}

/** What an exception is about, without the shipment. */
function orderSubject({ subjectKey }: ExceptionCase): string {
  return subjectKey.split('/shipment/')[0] ?? subjectKey;
}

/** An order by the name that people know; anything else by its key. */
async function nameOf(tx: Reading, key: string): Promise<string> {
  const stored = await tx.records.get('order', key, orderCaseSchema);
  return stored === null ? key : `order ${stored.body.order.name}`;
}
