import type { NodeId } from '@quartermaster/domain';
import { hasLeft, isLive, type OrderCase } from '@quartermaster/fulfilment';
import type { BoxesTaken } from './packer.ts';

/** Boxes that shipments of orders hold which have not left. */
export function boxesTaken(cases: readonly OrderCase[]): BoxesTaken {
  const taken = new Map<NodeId, Map<string, number>>();
  for (const { node, parcels } of cases.flatMap(({ shipments }) => shipments.filter((each) => isLive(each) && !hasLeft(each)))) {
    const boxes = taken.get(node) ?? new Map<string, number>();
    taken.set(node, boxes);
    for (const { packaging } of parcels)
      if (packaging !== undefined && packaging.box !== null) boxes.set(packaging.box, (boxes.get(packaging.box) ?? 0) + 1);
  }
  return taken;
}
