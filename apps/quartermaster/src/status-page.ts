import { serve } from '@hono/node-server';
import { decimalOf, formatMoney, money, type Clock } from '@quartermaster/domain';
import { overview, type FlowSettings, type Overview } from '@quartermaster/flows';
import type { JournalReader } from '@quartermaster/journal';
import { Hono } from 'hono';
import { html, raw } from 'hono/html';
import { CommandError, exitCodes } from './exit.ts';
import { comparison, comparisonHeads, standing } from './figures.ts';
import { freezeBanner, peopleSections } from './status-people.ts';
import { seldom } from './seldom.ts';
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
  const { currency, parcels, waves, comparison: compared, stock, flow } = seen;
  const amount = (minor: number) => decimalOf(money(minor, currency));
  const last = waves.at(-1);
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
        <section>
          <h2>The plan and the usual rules</h2>
          ${
            compared === null
              ? html`<p>Nothing to compare before the first wave.</p>`
              : html`<table>
                    <tr>
                      <th>${currency}</th>
                      ${comparisonHeads.map((head) => html`<th>${head}</th>`)}
                    </tr>
                    ${comparison(compared, currency).map(
                      ([what, ...cells]) =>
                        html`<tr class="${what}">
                          <td>${what}</td>
                          ${cells.map((cell) => html`<td>${cell}</td>`)}
                        </tr>`,
                    )}
                  </table>
                  <p>
                    As of the last wave. Proven: no other plan of the waves is more than ${(compared.gap * 100).toFixed(2)} % cheaper.
                    ${compared.labels.count} labels bought for ${formatMoney(money(compared.labels.spentMinor, currency))}.
                  </p>`
          }
        </section>
        <section>
          <h2>Waves</h2>
          ${
            last === undefined
              ? html`<p>No wave in the last week.</p>`
              : html`<table>
                  <tr>
                    <th>wave</th>
                    <th>orders</th>
                    <th>shipments</th>
                    <th>cost</th>
                    <th>gap</th>
                    <th>method</th>
                  </tr>
                  ${waves.slice(-8).map(
                    (wave) =>
                      html`<tr>
                        <td>${wave.slot.slice(0, 16).replace('T', ' ')}</td>
                        <td>${wave.orders}</td>
                        <td>${wave.shipments}</td>
                        <td>${amount(wave.costMinor.total)}</td>
                        <td>${(wave.gap * 100).toFixed(2)} %</td>
                        <td>${wave.method}</td>
                      </tr>`,
                  )}
                </table>`
          }
        </section>
        <section>
          <h2>Warehouses</h2>
          ${warehousesView(flow)}
        </section>
        <section>
          <h2>Parcels under way</h2>
          ${
            Object.keys(parcels).length === 0
              ? html`<p>None is followed.</p>`
              : html`<table>
                  <tr>
                    <th>where</th>
                    <th>parcels</th>
                  </tr>
                  ${Object.entries(parcels).map(
                    ([state, count]) =>
                      html`<tr>
                        <td>${state === 'unknown' ? 'nothing heard yet' : state.replaceAll('-', ' ')}</td>
                        <td>${count}</td>
                      </tr>`,
                  )}
                </table>`
          }
        </section>
        <section>
          <h2>Stock</h2>
          ${
            stock === null
              ? html`<p>Nothing was published yet.</p>`
              : html`<table>
                    <tr>
                      <th>units</th>
                      <th>sellable</th>
                      <th>reserved</th>
                      <th>published on all channels</th>
                    </tr>
                    ${stock.nodes.map(
                      (each) =>
                        html`<tr>
                          <td>${each.node}</td>
                          <td>${each.sellable}</td>
                          <td>${each.reserved}</td>
                          <td>${each.published}</td>
                        </tr>`,
                    )}
                  </table>
                  <p>As of ${stock.asOf.slice(0, 16).replace('T', ' ')}.</p>`
          }
        </section>
        ${peopleSections(seen)}
      </body>
    </html>`;
}

/** The same for programs. */
function figuresOf({ orders, parcels, intents, openExceptions, waves, comparison: compared, flow }: Overview) {
  return { orders, parcels, intents, exceptions: openExceptions, lastWave: waves.at(-1) ?? null, comparison: compared, flow };
}

const style = `
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; --line: #8884; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem; }
header { display: flex; gap: 1rem; align-items: baseline; flex-wrap: wrap; }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; } p { margin: .4rem 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(6.2rem, 1fr)); gap: .6rem; margin-top: 1rem; }
.tile { border: 1px solid var(--line); border-radius: .5rem; padding: .6rem; } .tile b { display: block; font-size: 1.5rem; } .tile span { opacity: .75; font-size: .85rem; }
.tile.bad b { color: #c33; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
th:first-child, td:first-child, .text th, .text td { text-align: left; } th { font-weight: 600; opacity: .75; } .freeze { border: 1px solid #38c; border-radius: .5rem; padding: .6rem; } .over { color: #c33; }
tr.total td { font-weight: 700; } small { opacity: .6; word-break: break-all; }
`;
