import type { ChannelProbe } from '@quartermaster/domain';
import type { FileClient } from './client.ts';
import { isUnfinishedName, type FileLayout } from './layout.ts';

/** Looks whether the folders can be read, and names what stands in the way; it writes nothing, because a connection may be there only to look. A directory that cannot be reached at all throws its fault. */
export async function probeFiles(given: {
  readonly client: FileClient;
  readonly layout: FileLayout;
  readonly name: string;
  readonly needsItems: boolean;
}): Promise<ChannelProbe> {
  const { client, layout } = given;
  for (const folder of [layout.orders, layout.sent]) await client.list(folder);
  const items = given.needsItems ? await client.list(layout.items) : null;
  const problems =
    items?.every(({ name }) => isUnfinishedName(name)) === true
      ? [`no list of items in ${layout.items}/: no stock can be published without one`]
      : [];
  return { account: given.name, problems };
}
