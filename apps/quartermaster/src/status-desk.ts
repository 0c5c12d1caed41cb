import { epochMs, type Instant } from '@quartermaster/domain';
import type { Overview } from '@quartermaster/flows';
import { html } from 'hono/html';
import { ageInWords } from './commands/exceptions.ts';
import { alarming, minuteText, tableOf, type Html } from './status-words.ts';

/** The parts of the status page that an order desk acts on: what is held and why, who has what to do, which connections are late, and whether more is shown than there is. */

export function heldSection({ held, flow }: Overview): Html {
  return html`<section>
    <h2>Held</h2>
    ${
      held.length === 0
        ? html`<p>No order is held.</p>`
        : tableOf(
            ['hold', 'orders', 'oldest', 'order', 'owner'],
            held.map(({ code, count, oldest, owners }) => [code, count, ageAt(oldest.since, flow.at), oldest.name, owners.join(', ')]),
          )
    }
  </section>`;
}

export function ownersSection({ owners, flow }: Overview): Html {
  return html`<section>
    <h2>Exceptions by owner</h2>
    ${
      owners.length === 0
        ? html`<p>Nobody has any.</p>`
        : tableOf(
            ['owner', 'open', 'overdue', 'oldest', 'next due', 'snoozed'],
            owners.map(({ owner, open, overdue, oldestAt, nextDueAt, snoozed }) => [
              owner,
              open,
              overdue === 0 ? 0 : alarming(overdue),
              ageAt(oldestAt, flow.at),
              nextDueAt === null ? '-' : minuteText(nextDueAt),
              snoozed,
            ]),
          )
    }
  </section>`;
}

export function connectionsSection({ connections }: Overview): Html {
  return html`<section>
    <h2>Connections</h2>
    ${tableOf(
      ['connection', 'standing', 'mode', 'last read', 'window', 'oldest write'],
      connections.map((each) => [
        each.connection,
        connectionStanding(each),
        each.mode,
        each.lagMs === null ? '-' : `${agoOf(each.lagMs)} ago`,
        each.windowMinutes === null ? '-' : `${each.windowMinutes} min`,
        each.oldestIntentMs === null ? '-' : agoOf(each.oldestIntentMs),
      ]),
    )}
  </section>`;
}

function connectionStanding(each: Overview['connections'][number]): string | Html {
  if (each.circuit !== 'closed') return alarming('left alone: paused, or it failed');
  if (each.behind) return alarming('read too late for its window');
  if (!each.ready) return alarming(each.lagMs === null ? 'never read' : 'not read of late');
  return each.heldBack ? alarming('read no further: too much waits') : 'in order';
}

export function stockSection({ stock, oversell }: Overview): Html {
  return html`<section>
    <h2>Stock</h2>
    ${
      stock === null
        ? html`<p>Nothing was published yet.</p>`
        : html`${tableOf(
              ['units', 'sellable', 'reserved', 'published'],
              stock.nodes.map((each) => [each.node, each.sellable, each.reserved, each.published]),
            )}
            <p>As of ${minuteText(stock.asOf)}; published on all channels together.</p>
            <p>${oversellWords(oversell)}</p>`
    }
  </section>`;
}

function oversellWords({ units, skus, errorBudget }: Overview['oversell']): Html {
  const shown =
    units === 0
      ? 'Oversell risk: none. No channel shows more than may be promised.'
      : alarming(`Oversell risk: channels show ${units} units of ${skus} SKUs more than may be promised.`);
  if (errorBudget === null) return html`${shown}`;
  const { spent, units: most, days } = errorBudget;
  const budget = `${spent} of ${most} units of the error budget are spent in ${days} days.`;
  return html`${shown} ${spent > most ? alarming(`${budget} Shares are strict.`) : budget}`;
}

function ageAt(since: Instant, now: Instant): string {
  return agoOf(epochMs(now) - epochMs(since));
}

function agoOf(ms: number): string {
  return ageInWords(Math.max(0, Math.floor(ms / 60_000)));
}
