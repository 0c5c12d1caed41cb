import { scopeOf, type FlowContext } from '../context.ts';
import { isOver } from './happening.ts';
import { endNoticeKind } from './notify-effect.ts';
import { shownKind, shownNotice, shownSchema } from './shown-notices.ts';

const pageSize = 500;

/** Has the notices taken away that stand at orders although what they tell of is over. Returns how many. */
export async function endNotices(context: FlowContext): Promise<number> {
  const { journal } = context;
  let ended = 0;
  for (let after: string | undefined; ;) {
    const query = { states: ['shown'], limit: pageSize, ...(after === undefined ? {} : { after }) };
    const page = await journal.read(async (tx) => {
      const shown = await tx.records.list(shownKind, shownSchema, query);
      const looked: { readonly key: string; readonly over: boolean }[] = [];
      for (const { key, body } of shown) looked.push({ key, over: await isOver(tx, context, body.happening) });
      return looked;
    });
    for (const { key, over } of page) if (over && (await end(context, key))) ended += 1;
    after = page.at(-1)?.key;
    if (page.length < pageSize) return ended;
  }
}

function end({ journal, settings, clock }: FlowContext, key: string): Promise<boolean> {
  return journal.transaction(async (tx) => {
    const stored = await shownNotice(tx, key);
    if (stored?.state !== 'shown') return false;
    const { body, version } = stored;
    const at = clock.now();
    await tx.intents.add({
      key: `${endNoticeKind}/${key}`,
      scope: scopeOf(settings, body.connection),
      kind: endNoticeKind,
      orderKey: key,
      subject: null,
      payload: {},
      safety: 'natural',
      runAt: at,
      state: 'ready',
    });
    await tx.records.put(shownKind, key, { state: 'ended', body, at, version });
    return true;
  });
}
