import { openLines } from './order-case.ts';
import type { Shipment, ShipmentDraft } from './shipment.ts';
import { allocateNow } from './taking-back.ts';
import { admits, because, command, moveOrder, type Turn } from './turn.ts';

/**
 * Takes up what sourcing decided. The first time the order is written into the ERP with all its lines, those without a shipment to wait there; later shipments are allocated.
 * A plan that no longer fits the order (lines changed hands since its snapshot) is left aside whole: the next round of sourcing sees the order as it is.
 */
export function sourced(turn: Turn, decisionId: string, drafts: readonly ShipmentDraft[], series?: string): void {
  if (!admits(turn, 'sourced')) return;
  if (turn.case.sourcedBy.includes(decisionId)) return because(turn, `decision ${decisionId} is taken up already`);
  if (turn.case.holds.length > 0) return because(turn, 'a hold came after the plan was made');
  const misfit = misfitOf(turn, drafts);
  if (misfit !== null) return because(turn, `decision ${decisionId} is left aside: ${misfit}`);

  const first = turn.case.state === 'open';
  const already = turn.case.shipments.length;
  const shipments = drafts.map((draft, index) => {
    const number = already + index + 1;
    return plannedShipment(draft, series === undefined ? String(number) : `${series}-${number}`, decisionId, first ? 'write' : 'allocate');
  });
  turn.case = {
    ...turn.case,
    shipments: [...turn.case.shipments, ...shipments],
    sourcedBy: [...turn.case.sourcedBy, decisionId],
    erpWriteAsked: true,
  };
  for (const { id, node, service, lines } of shipments) because(turn, `shipment ${id}: ${lines.length} lines from ${node} by ${service}`);
  const waiting = openLines(turn.case).length;
  if (waiting > 0) because(turn, `${waiting} lines wait without a node`);
  if (first) command(turn, { kind: 'write-order' });
  else if (turn.case.erp !== null) allocateNow(turn, shipments);
  moveOrder(turn, 'sourced', 'committed');
}

/** Why the drafts cannot be taken up as they are; null when they can. */
function misfitOf(turn: Turn, drafts: readonly ShipmentDraft[]): string | null {
  const open = new Map(openLines(turn.case).map((line) => [line.lineId, { ...line }]));
  for (const { node, lines } of drafts)
    for (const { lineId } of lines)
      if (turn.case.avoids.some((each) => each.lineId === lineId && each.node === node))
        return `${node} could not ship line ${lineId} before`;
  for (const line of drafts.flatMap((draft) => draft.lines)) {
    const wanted = open.get(line.lineId);
    if (wanted === undefined) return `line ${line.lineId} is not open`;
    if (wanted.sku !== line.sku) return `line ${line.lineId} is ${wanted.sku}, not ${line.sku}`;
    if (line.units > wanted.units) return `line ${line.lineId} has ${wanted.units} units open, not ${line.units}`;
    wanted.units -= line.units;
  }
  return null;
}

function plannedShipment(draft: ShipmentDraft, id: string, decisionId: string, fresh: Shipment['fresh']): Shipment {
  return {
    ...draft,
    id,
    state: 'planned',
    revision: 1,
    revisionUsed: false,
    plannedBy: decisionId,
    fresh,
    released: false,
    packCheck: 'none',
    packProblems: [],
    asked: 'nothing',
    labels: [],
    withdrawn: [],
    delivery: null,
    shortage: [],
    shippedAt: null,
  };
}
