import type { Day, Happening } from './day.ts';

/**
 * Makes a day smaller while it still fails: leaves out orders with all that befalls them, faults, crashes and edits, in large pieces first and then one by one, then whole shops' worth of
 * trouble such as late webhooks. At most `runsAtMost` days are lived.
 */
export async function shrinkDay(
  given: Day,
  fails: (day: Day) => Promise<boolean>,
  runsAtMost = 80,
): Promise<{ readonly day: Day; readonly runs: number }> {
  let day = given;
  let runs = 0;
  const keeps = async (smaller: Day): Promise<boolean> => {
    if (runs >= runsAtMost) return false;
    runs += 1;
    if (!(await fails(smaller))) return false;
    day = smaller;
    return true;
  };

  for (let size = Math.ceil(day.happenings.length / 2); size >= 1;) {
    let left = false;
    for (let from = 0; from < day.happenings.length;) {
      const out = new Set(day.happenings.slice(from, from + size).map(({ id }) => id));
      const smaller = { ...day, happenings: without(day.happenings, out) };
      if (await keeps(smaller)) left = true;
      else from += size;
    }
    if (size === 1 && !left) break;
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  for (const calmer of simplifications(day)) await keeps({ ...day, ...calmer });
  return { day, runs };
}

/** Without these, and without what is about an order that is one of them. */
function without(happenings: readonly Happening[], out: ReadonlySet<number>): Happening[] {
  return happenings.filter((each) => !out.has(each.id) && !('order' in each && out.has(each.order)));
}

function simplifications(day: Day): Partial<Day>[] {
  return [
    { webhooks: { lost: 1, twice: 0, latestMs: 1_000 } },
    { searchLagMs: 0 },
    { skewMs: { replicas: day.skewMs.replicas.map(() => 0), vendors: {} } },
    { stock: day.stock.map((place) => ({ ...place, units: 20 })) },
    ...(day.carriers.length > 1 ? [{ carriers: ['post'] as const }] : []),
  ];
}
