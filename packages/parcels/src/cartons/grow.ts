import { emptyStanding, stand } from './extreme-points.ts';
import type { Desk } from './one-parcel.ts';
import { settle } from './settle.ts';
import { tableOf } from './shape-table.ts';
import { volumeOf } from './shapes.ts';
import { apartBecause, changed, sumOver, type Contents } from './together.ts';

/** After so many refusals a box counts as full. */
const refusals = 3;

/**
 * Fills one box of a type with as many of the waiting units as go in, the largest first (first fit decreasing at extreme points), then the searches are asked for some more. The contents are
 * all zero when nothing goes in.
 */
export function grow(desk: Desk, box: number, waiting: Contents): Contents {
  const { problem, room } = desk.goods;
  let contents = growAtPoints(desk, box, waiting);
  let refused = 0;
  const largestFirst = [...waiting.keys()].sort((one, other) => room[other]! - room[one]! || one - other);
  for (const item of largestFirst) {
    while (refused < refusals && contents[item]! < waiting[item]!) {
      const more = changed(contents, item, 1);
      const free = volumeOf(problem.boxes[box]!.inner) - sumOver(more, (each) => room[each]!);
      if (free < 0) break;
      if (!desk.fits(more, box)) {
        refused++;
        break;
      }
      contents = more;
    }
  }
  return contents;
}

function growAtPoints(desk: Desk, box: number, waiting: Contents): Contents {
  const { problem, lies, room, goesIn } = desk.goods;
  const type = problem.boxes[box]!;
  let contents: Contents = waiting.map(() => 0);
  const items = [...waiting.keys()].filter((item) => waiting[item]! > 0 && goesIn[item]![box] === true);
  const shapes = items.map((item) => ({ units: waiting[item]!, lies: lies[item]!, fragile: problem.items[item]!.fragile }));
  const table = tableOf(type.inner, shapes);
  if (table === null) return contents;
  const standing = emptyStanding(table);
  const order = [...items.keys()].sort(
    (one, other) =>
      Number(shapes[one]!.fragile) - Number(shapes[other]!.fragile) || room[items[other]!]! - room[items[one]!]! || one - other,
  );
  let grams = 0;
  for (const shape of order) {
    const item = items[shape]!;
    for (let unit = 0; unit < waiting[item]!; unit++) {
      const more = changed(contents, item, 1);
      const heavier = grams + problem.items[item]!.grams;
      if (heavier > type.maxGrams || apartBecause(problem, more) !== null || !stand(standing, shape)) break;
      contents = more;
      grams = heavier;
    }
  }
  desk.remember(
    contents,
    box,
    settle(standing.placements).map((place) => ({ ...place, item: items[place.shape]! })),
  );
  return contents;
}
