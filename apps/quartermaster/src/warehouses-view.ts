import type { Overview } from '@quartermaster/flows';
import { html } from 'hono/html';

/** Of the status page: the work of each node by cutoff, whether it is done in time, and the pick waves that are open. */
export function warehousesView({ nodes, pickWaves }: Overview['flow']) {
  const cutoffs = nodes.flatMap(({ node, cutoffs: of }) =>
    of.map(({ closesAt, shipments, minutes, capacityMinutes, finishAt, atRisk }) => [
      node,
      minuteText(closesAt),
      shipments,
      Math.round(minutes),
      capacityMinutes === null ? '?' : Math.round(capacityMinutes),
      capacityMinutes === null ? '?' : minuteText(finishAt),
      atRisk.length,
    ]),
  );
  const open = pickWaves.filter((each) => each.open > 0).slice(-mostShown);
  return html`${tableOf(
    ['node', 'wait', 'in work', 'left in a day'],
    nodes.map(({ node, waiting, released, inFlight, left }) => [node, waiting + released, inFlight, left.day]),
  )}
  ${cutoffs.length === 0 ? html`<p>No work is open.</p>` : tableOf(['node', 'cutoff', 'shipments', 'minutes', 'of', 'done', 'not in time'], cutoffs)}
  ${
    open.length === 0
      ? ''
      : tableOf(
          ['open pick wave', 'shipments', 'open', 'minutes'],
          open.map((each) => [each.name, each.shipments.length, each.open, Math.round(each.minutes)]),
        )
  }`;
}

const mostShown = 8;

function tableOf(head: readonly string[], rows: readonly (readonly (string | number)[])[]) {
  return html`<table>
    <tr>
      ${head.map((cell) => html`<th>${cell}</th>`)}
    </tr>
    ${rows.map(
      (row) =>
        html`<tr>
          ${row.map((cell) => html`<td>${cell}</td>`)}
        </tr>`,
    )}
  </table>`;
}

function minuteText(instant: string | null): string {
  return instant === null ? '-' : instant.slice(5, 16).replace('T', ' ');
}
