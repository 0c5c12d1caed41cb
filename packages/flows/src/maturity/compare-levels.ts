import type { Channel } from '@quartermaster/domain';
import type { FlowContext } from '../context.ts';
import { speakingTo } from '../speaking-to.ts';
import type { Level } from '../stock/levels.ts';
import { noteAgreement } from './agreement.ts';

/** Compares the levels that would be set on a channel with what it shows, and keeps how many agree. What the channel does not list counts for neither. Throws the channel's fault. */
export async function compareLevels({ journal, clock }: FlowContext, channel: Channel, levels: readonly Level[]): Promise<void> {
  const { connection } = channel;
  const places = levels.slice(0, mostAtOnce).map(({ sku, node, available }) => ({ sku, node, available }));
  const shown = await speakingTo(connection, () => channel.shownStock(places.map(({ sku, node }) => ({ sku, node }))));
  const compared = places.flatMap((place, at) => {
    const theirs = shown[at] ?? null;
    return theirs === null ? [] : [{ ...place, theirs }];
  });
  const different = compared.filter(({ available, theirs }) => available !== theirs);
  const [first] = different;
  const differed = different.length;
  const counted = { agreed: compared.length - differed, differed };
  const words = (units: number | undefined) => (first === undefined ? 'the same' : `${units} of ${first.sku} at ${first.node}`);
  const ours = words(first?.available);
  const theirs = words(first?.theirs);
  await journal.transaction((tx) => noteAgreement(tx, 'publish', { subject: connection, ...counted, ours, theirs, at: clock.now() }));
}

/** Levels that are compared at a time. */
const mostAtOnce = 1_000;
