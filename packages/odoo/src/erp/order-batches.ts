/** Things that are done together, and the keys of the turn that they take. */
export type Batch<T> = { readonly members: readonly T[]; readonly keys: readonly string[] };

/**
 * Parts a list into batches of at most `size` that can go at the same time as far as possible: what shares a key comes into one batch, unless there is too much of it; then its
 * batches share the key and take turns. Small lists are spread over `lanes` batches.
 */
export function batchesOf<T>(
  members: readonly T[],
  keysOf: (member: T) => readonly string[],
  { size, lanes }: { readonly size: number; readonly lanes: number },
): Batch<T>[] {
  const room = Math.min(size, Math.max(smallest, Math.ceil(members.length / lanes)));
  const batches: T[][] = [];
  for (const together of knit(members, keysOf)) {
    for (let at = 0; at < together.length; at += room) {
      const part = together.slice(at, at + room);
      const open = batches.find((batch) => batch.length + part.length <= room);
      if (open === undefined) batches.push([...part]);
      else open.push(...part);
    }
  }
  return batches.map((batch) => ({ members: batch, keys: [...new Set(batch.flatMap((member) => [...keysOf(member)]))] }));
}

/** Below this a batch is not parted to fill another lane: the calls around it would cost more than is gained. */
const smallest = 10;

/** Groups members that share keys, directly or over others, in the order of the first of each group. */
function knit<T>(members: readonly T[], keysOf: (member: T) => readonly string[]): T[][] {
  const groupOf = new Map<string, T[]>();
  const groups = new Set<T[]>();
  for (const member of members) {
    const touched = new Set<T[]>();
    for (const key of keysOf(member)) {
      const group = groupOf.get(key);
      if (group !== undefined) touched.add(group);
    }
    const [first, ...others] = touched;
    const group = first ?? [];
    groups.add(group);
    for (const other of others) {
      groups.delete(other);
      group.push(...other);
      for (const key of other.flatMap((each) => [...keysOf(each)])) groupOf.set(key, group);
    }
    group.push(member);
    for (const key of keysOf(member)) groupOf.set(key, group);
  }
  return [...groups];
}
