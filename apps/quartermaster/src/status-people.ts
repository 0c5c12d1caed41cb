import { frozenWhat, type Overview } from '@quartermaster/flows';
import { html } from 'hono/html';
import { ageInWords } from './commands/exceptions.ts';
import { shareInWords } from './commands/maturity.ts';

/** The parts of the status page that are about people: what waits for them, how far each flow is trusted, and whether changes are frozen. */

type Html = ReturnType<typeof html>;

/** Says what is frozen until when, by whom and why; nothing when nothing is. */
export function freezeBanner({ freeze }: Pick<Overview, 'freeze'>): Html | '' {
  if (freeze === null) return '';
  return html`<p class="freeze" role="status">
    <b>Frozen until ${minute(freeze.until)}</b> by ${freeze.by}: ${freeze.reason}. ${frozenWhat}
  </p>`;
}

export function peopleSections(seen: Overview): Html {
  return html`${queueSection(seen)} ${approvalSection(seen)} ${maturitySection(seen)}`;
}

function queueSection({ exceptions, openExceptions }: Overview): Html {
  const open = openExceptions.reduce((sum, { count }) => sum + count, 0);
  return html`<section>
    <h2>Waiting for a person (${open})</h2>
    ${
      exceptions.length === 0
        ? html`<p>Nothing.</p>`
        : html`<table class="text">
            <tr>
              <th>age</th>
              <th>code</th>
              <th>owner</th>
              <th>what</th>
              <th>next</th>
            </tr>
            ${exceptions.map(
              (each) =>
                html`<tr>
                  <td class="${each.overdue ? 'over' : ''}" title="due ${each.dueAt ?? ''}">
                    ${ageInWords(each.ageMinutes)}${each.overdue ? ', overdue' : ''}${each.snoozedUntil === null ? '' : ', snoozed'}
                  </td>
                  <td title="${each.meaning ?? ''}">${each.code}</td>
                  <td>${each.owner}</td>
                  <td>${each.reason}<br /><small>${each.subjectKey}</small></td>
                  <td>${each.next ?? ''}</td>
                </tr>`,
            )}
          </table>`
    }
  </section>`;
}

function approvalSection({ approvals }: Overview): Html {
  return html`<section>
    <h2>Waiting for an approval (${approvals.length})</h2>
    ${
      approvals.length === 0
        ? html`<p>Nothing.</p>`
        : html`<table class="text">
            <tr>
              <th>id</th>
              <th>since</th>
              <th>flow</th>
              <th>asked by</th>
              <th>needs</th>
              <th>what</th>
            </tr>
            ${approvals.map(
              (each) =>
                html`<tr>
                  <td>${each.id}</td>
                  <td>${minute(each.askedAt)}</td>
                  <td>${each.flow}</td>
                  <td>${each.askedBy}</td>
                  <td>${each.needs}</td>
                  <td>${each.what}</td>
                </tr>`,
            )}
          </table>`
    }
  </section>`;
}

function maturitySection({ maturity, policy }: Overview): Html {
  return html`<section>
    <h2>How far each flow is trusted</h2>
    <table>
      <tr>
        <th>flow</th>
        <th>step</th>
        <th>agreement</th>
        <th>agreed</th>
        <th>differed</th>
        <th>waiting</th>
      </tr>
      ${maturity.map(
        (each) =>
          html`<tr>
            <td>${each.flow}</td>
            <td>${each.step}</td>
            <td>${shareInWords(each.agreement)}</td>
            <td>${each.agreed}</td>
            <td>${each.differed}</td>
            <td>${each.waiting}</td>
          </tr>`,
      )}
    </table>
    <p>Policy ${policy.name}, <code title="${policy.hash}">${policy.hash.slice(0, 12)}</code>. Agreement of the last 30 days.</p>
  </section>`;
}

function minute(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ');
}
