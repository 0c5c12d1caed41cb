import { serve } from '@hono/node-server';
import { decimalOf, formatMoney, money, type Clock } from '@quartermaster/domain';
import { overview, type FlowSettings, type Overview } from '@quartermaster/flows';
import type { JournalReader } from '@quartermaster/journal';
import { Hono } from 'hono';
import { html, raw } from 'hono/html';
import { CommandError, exitCodes } from './exit.ts';
import { comparison, comparisonHeads, comparisonWords, standing } from './figures.ts';
import { seldom } from './seldom.ts';
import { connectionsSection, heldSection, ownersSection, stockSection } from './status-desk.ts';
import { freezeBanner, peopleSections } from './status-people.ts';
import { minuteText, tableOf, type Html } from './status-words.ts';
import { warehousesView } from './warehouses-view.ts';

export type StatusPage = { readonly url: string; close(): Promise<void> };

/** Serves the page that people look at: orders by state, exceptions, the plan and its proof. Read-only, and on the loopback interface unless told otherwise. */
export async function serveStatusPage(given: {
  readonly host: string;
  readonly port: number;
  readonly title: string;
  readonly journal: JournalReader;
  readonly settings: FlowSettings;
  readonly clock: Clock;
  /** How often channels are read. */
  readonly pullEveryMs: number;
}): Promise<StatusPage> {
  const { title } = given;
  const look = seldom(overview(given), 1_000);
  const app = new Hono();
  app.get('/', async (context) => context.html(await pageOf(title, await look())));
  app.get('/status.json', async (context) => context.json(figuresOf(await look())));
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: given.host, port: given.port, overrideGlobalObjects: false }, ({ port }) => {
      resolve({
        url: `http://${given.host}:${port}/`,
        close: () => new Promise((done) => void server.close(() => done())),
      });
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? `port ${given.port} is taken; choose another with --port`
          : `it cannot listen (${error.code ?? 'unknown cause'})`;
      reject(new CommandError(exitCodes.usage, `status page: ${why}`));
    });
  });
}

async function pageOf(title: string, seen: Overview) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="refresh" content="2" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Quartermaster: ${title}</title>
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        <header>
          <h1>Quartermaster</h1>
          <p>${title}</p>
        </header>
        ${freezeBanner(seen)}
        <section class="tiles">
          ${standing(seen).map(([label, count]) => html`<div class="tile ${label === 'exceptions' && count > 0 ? 'bad' : ''}"><b>${count}</b><span>${label}</span></div>`)}
        </section>
        ${heldSection(seen)} ${ownersSection(seen)}
        <section>
          <h2>Warehouses</h2>
          ${warehousesView(seen.flow)}
        </section>
        ${connectionsSection(seen)} ${stockSection(seen)} ${wavesSection(seen)} ${planSection(seen)} ${parcelsSection(seen)}
        ${peopleSections(seen)}
      </body>
    </html>`;
}

function planSection({ comparison: compared, currency }: Overview): Html {
  return html`<section>
    <h2>The plan and the usual rules</h2>
    ${
      compared === null
        ? html`<p>Nothing to compare before the first wave.</p>`
        : html`${
              compared.measured.by === 'nothing'
                ? ''
                : tableOf(
                    [currency, ...comparisonHeads(compared)],
                    comparison(compared, currency).map((row) => (row[0] === 'total' ? row.map((cell) => html`<b>${cell}</b>`) : row)),
                  )
            }
            <p>
              As of the last wave. ${comparisonWords(compared)} ${compared.labels.count} labels bought for
              ${formatMoney(money(compared.labels.spentMinor, currency))}.
            </p>`
    }
  </section>`;
}

function wavesSection({ waves, currency }: Overview): Html {
  return html`<section>
    <h2>Waves</h2>
    ${
      waves.length === 0
        ? html`<p>No wave in the last week.</p>`
        : tableOf(
            ['wave', 'orders', 'shipments', 'cost', 'gap', 'method'],
            waves
              .slice(-8)
              .map(({ slot, orders, shipments, costMinor, gap, method }) => [
                minuteText(slot),
                orders,
                shipments,
                decimalOf(money(costMinor.total, currency)),
                `${(gap * 100).toFixed(2)} %`,
                method,
              ]),
          )
    }
  </section>`;
}

function parcelsSection({ parcels }: Overview): Html {
  const followed = Object.entries(parcels);
  return html`<section>
    <h2>Parcels under way</h2>
    ${
      followed.length === 0
        ? html`<p>None is followed.</p>`
        : tableOf(
            ['where', 'parcels'],
            followed.map(([state, count]) => [state === 'unknown' ? 'nothing heard yet' : state.replaceAll('-', ' '), count]),
          )
    }
  </section>`;
}

/** The same for programs. */
function figuresOf(seen: Overview) {
  const { orders, parcels, intents, openExceptions, waves, comparison: compared, flow, held, owners, connections, oversell } = seen;
  const lastWave = waves.at(-1) ?? null;
  return {
    orders,
    held,
    parcels,
    intents,
    exceptions: openExceptions,
    owners,
    lastWave,
    comparison: compared,
    flow,
    connections,
    oversell,
  };
}

const style = `
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; --line: #8884; --bad: light-dark(#b3261e, #ff8a80); --calm: light-dark(#06c, #7ab8ff); }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem; }
header { display: flex; gap: 1rem; align-items: baseline; flex-wrap: wrap; }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; } p { margin: .4rem 0; overflow-wrap: anywhere; }
section { overflow-x: auto; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(6.2rem, 1fr)); gap: .6rem; margin-top: 1rem; }
.tile { border: 1px solid var(--line); border-radius: .5rem; padding: .6rem; } .tile b { display: block; font-size: 1.5rem; } .tile span { opacity: .75; font-size: .85rem; }
.tile.bad b, .over { color: var(--bad); } .freeze { border: 1px solid var(--calm); border-radius: .5rem; padding: .6rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
th:first-child, td:first-child, .text th, .text td { text-align: left; } .text td { vertical-align: top; } th { font-weight: 600; opacity: .75; }
small { opacity: .7; overflow-wrap: anywhere; } code { font: .9em ui-monospace, monospace; background: #8882; border-radius: .25rem; padding: .05rem .25rem; }
@media (max-width: 40rem) {
  body { padding: 1rem; } th, td { padding: .3rem .4rem; } .figures { font-size: .85rem; }
  .text thead { display: none; } .text tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  .text td { display: block; border: 0; padding: .1rem 0; overflow-wrap: anywhere; } .text td::before { content: attr(data-head) ': '; opacity: .7; }
}
`;
