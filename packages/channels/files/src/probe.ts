import { isFault, type ChannelProbe } from '@quartermaster/domain';
import type { FileClient } from './client.ts';
import { isUnfinishedName, type FileLayout } from './layout.ts';

/** Looks whether the folders can be read and a file can be written, and names what stands in the way. A directory that cannot be reached at all throws its fault. */
export async function probeFiles(given: {
  readonly client: FileClient;
  readonly layout: FileLayout;
  readonly name: string;
  readonly needsItems: boolean;
}): Promise<ChannelProbe> {
  const { client, layout } = given;
  const problems: string[] = [];
  await client.list(layout.orders);
  if (given.needsItems) {
    const items = await client.list(layout.items);
    if (items.every(({ name }) => isUnfinishedName(name)))
      problems.push(`no list of items in ${layout.items}/: no stock can be published without one`);
  }
  try {
    await client.write(`${layout.sent}/probe.txt`, 'written by a probe of the connection\n');
  } catch (error) {
    if (!isFault(error) || error.code !== 'forbidden') throw error;
    problems.push(`no file can be written to ${layout.sent}/`);
  }
  return { account: given.name, problems };
}
