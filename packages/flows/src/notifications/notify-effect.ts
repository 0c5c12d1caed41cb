import type { ConnectionId, ErpOrderKey, Notice, Notifier } from '@quartermaster/domain';
import { anyEffect, type Achieved, type AnyEffect, type Effect } from '../effect.ts';
import { happeningSchema, noticeOf, orderAbout, type Happening } from './happening.ts';
import { keepShown, shownNotice } from './shown-notices.ts';

export const notifyKind = 'notify';
export const endNoticeKind = 'end-notice';

/** Telling people is beside the work: an exception about it would have to be told by it. */
export function isTelling(kind: string): boolean {
  return kind === notifyKind || kind === endNoticeKind;
}

type Telling = { readonly notifier: Notifier; readonly notice: Notice; readonly happening: Happening };

/** The words are made when they leave: what is settled by then, or no news any more, is not told. */
const notify: Effect<Telling> = {
  async prepare(tx, context, intent) {
    const { connection } = intent.scope;
    const notifier = context.notifiers?.get(connection);
    if (notifier === undefined) return unknownNotifier(connection);
    const happening = happeningSchema.parse(intent.payload);
    const isAtOrders = notifier.atOrders !== null;
    if (isAtOrders && context.settings.erp.mode !== 'auto') return { kind: 'obsolete', reason: 'nothing is written into the ERP' };
    const notice = await noticeOf(tx, context, happening);
    if (notice !== null) return { kind: 'go', request: { notifier, notice, happening } };
    // One that may be there although it is over is looked up, so that it is taken away.
    const about = isAtOrders && intent.inDoubt ? await orderAbout(tx, happening) : null;
    if (about !== null) return { kind: 'go', request: { notifier, notice: { title: '', text: '', about }, happening } };
    return { kind: 'obsolete', reason: 'it is over, or no news any more' };
  },
  async perform({ clock }, telling, memo) {
    const { ref } = await telling.notifier.make(telling.notice, memo);
    return told(ref, telling, { key: memo.key, at: clock.now() });
  },
  async lookUp({ clock }, telling, _refs, memo) {
    const seen = await telling.notifier.find(telling.notice, memo);
    return seen.kind === 'found' ? { kind: 'found', result: told(seen.result.ref, telling, { key: memo.key, at: clock.now() }) } : seen;
  },
};

/** What stays at an order is remembered, to be taken away when it is over. */
function told(
  ref: string | null,
  { notifier, notice, happening }: Telling,
  { key, at }: { readonly key: string; readonly at: string },
): Achieved {
  const done = { result: { ref }, event: null };
  const { about } = notice;
  if (notifier.atOrders === null || about === null) return done;
  return { ...done, keep: (tx) => keepShown(tx, key, { connection: notifier.connection, about, happening }, at) };
}

type Ending = {
  readonly end: NonNullable<Notifier['atOrders']>['end'];
  readonly notice: { readonly about: ErpOrderKey; readonly key: string };
};

const endNotice: Effect<Ending> = {
  async prepare(tx, context, intent) {
    const key = intent.orderKey;
    const shown = await shownNotice(tx, key);
    if (shown === null) return { kind: 'obsolete', reason: `there is no notice ${key}` };
    const { connection, about } = shown.body;
    const atOrders = context.notifiers?.get(connection)?.atOrders;
    return atOrders ? { kind: 'go', request: { end: atOrders.end, notice: { about, key } } } : unknownNotifier(connection);
  },
  async perform(_context, { end, notice }, memo) {
    await end(notice, memo);
    return { result: {}, event: null };
  },
};

function unknownNotifier(connection: ConnectionId): { readonly kind: 'refuse'; readonly reason: string } {
  return { kind: 'refuse', reason: `${connection} is not among the notifiers of the config` };
}

export const notifyEffects: Readonly<Record<typeof notifyKind | typeof endNoticeKind, AnyEffect>> = {
  [notifyKind]: anyEffect(notify),
  [endNoticeKind]: anyEffect(endNotice),
};
