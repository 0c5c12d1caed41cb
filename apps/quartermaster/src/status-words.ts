import { html } from 'hono/html';

/** Words, times and tables as the status page shows them. */

export type Html = ReturnType<typeof html>;
export type Cell = string | number | Html;

/** What is to be looked at, in the colour of it. */
export function alarming(cell: Cell): Html {
  return html`<span class="over">${cell}</span>`;
}

/** Text in which commands stand between backticks. */
export function withCode(text: string): Html {
  return html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

/** A table of figures; of `text`, rather, whose rows are stacked where the screen is narrow. */
export function tableOf(head: readonly string[], rows: readonly (readonly Cell[])[], of: 'figures' | 'text' = 'figures'): Html {
  return html`<table class="${of}">
    <thead>
      <tr>
        ${head.map((cell) => html`<th>${cell}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map((cell, index) => html`<td data-head="${head[index] ?? ''}">${cell}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

export function minuteText(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ');
}
