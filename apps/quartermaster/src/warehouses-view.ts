import type { Overview } from '@quartermaster/flows';
import { html } from 'hono/html';
import { alarming, minuteText, tableOf, type Cell, type Html } from './status-words.ts';

/** Of the status page: the work of each node by cutoff, whether its crew is done in time, and the pick waves of the day. */
export function warehousesView({ nodes, pickWaves }: Overview['flow']): Html {
  const cutoffs = nodes.flatMap(cutoffRows);
  const open = pickWaves.filter((each) => each.open > 0).slice(-mostShown);
  const batches = pickWaves.filter(({ batch }) => batch !== null).length;
  return html`${tableOf(
      ['node', 'wait', 'in work', 'left in a day'],
      nodes.map(({ node, waiting, released, inFlight, left }) => [node, waiting + released, inFlight, left.day]),
    )}
    ${
      cutoffs.length === 0
        ? html`<p>No work is open.</p>`
        : tableOf(['node', 'cutoff', 'shipments', 'minutes of work', 'minutes of crew left', 'done', 'not in time'], cutoffs)
    }
    <p>Pick waves of the last 24 hours: ${pickWaves.length}, of which ${batches} are batches of the ERP.</p>
    ${
      open.length === 0
        ? ''
        : tableOf(
            ['open pick wave', 'batch', 'shipments', 'open', 'minutes'],
            open.map((each) => [each.name, each.batch?.name ?? '-', each.shipments.length, each.open, Math.round(each.minutes)]),
          )
    }`;
}

/** The cutoffs of a node, the next one first. What is left of the crew is what the work for this cutoff and all before it does not take. */
function cutoffRows({ node, cutoffs }: Overview['flow']['nodes'][number]): (readonly Cell[])[] {
  let taken = 0;
  return cutoffs.map(({ closesAt, shipments, minutes, capacityMinutes, finishAt, atRisk }) => {
    taken += minutes;
    const left = capacityMinutes === null ? null : Math.round(capacityMinutes - taken);
    return [
      node,
      shortText(closesAt),
      shipments,
      Math.round(minutes),
      left === null ? '?' : left < 0 ? alarming(left) : left,
      capacityMinutes === null ? '?' : shortText(finishAt),
      atRisk.length === 0 ? 0 : alarming(atRisk.length),
    ];
  });
}

const mostShown = 8;

function shortText(instant: string | null): string {
  return instant === null ? '-' : minuteText(instant).slice(5);
}
