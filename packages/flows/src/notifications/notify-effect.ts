import type { Notifier } from '@quartermaster/domain';
import { anyEffect, type AnyEffect, type Effect } from '../effect.ts';
import { happeningSchema, noticeOf } from './happening.ts';

export const notifyKind = 'notify';

type Telling = { readonly notifier: Notifier; readonly text: string };

const done = (ref: string | null) => ({ result: { ref }, event: null });

/** The words are made when they leave: what is settled by then, or no news any more, is not told. */
const notify: Effect<Telling> = {
  async prepare(tx, context, intent) {
    const { connection } = intent.scope;
    const notifier = context.notifiers?.get(connection);
    if (notifier === undefined) return { kind: 'refuse', reason: `${connection} is not among the notifiers of the config` };
    const text = await noticeOf(tx, context, happeningSchema.parse(intent.payload));
    return text === null ? { kind: 'obsolete', reason: 'it is over, or no news any more' } : { kind: 'go', request: { notifier, text } };
  },
  async perform(_context, { notifier, text }, memo) {
    return done((await notifier.make({ text }, memo)).ref);
  },
  async lookUp(_context, { notifier, text }, _refs, memo) {
    const seen = await notifier.find({ text }, memo);
    return seen.kind === 'found' ? { kind: 'found', result: done(seen.result.ref) } : seen;
  },
};

export const notifyEffects: Readonly<Record<typeof notifyKind, AnyEffect>> = { [notifyKind]: anyEffect(notify) };
