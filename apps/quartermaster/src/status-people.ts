import { frozenWhat, type Overview } from '@quartermaster/flows';
import { html } from 'hono/html';
import { ageInWords } from './commands/exceptions.ts';
import { shareInWords } from './commands/maturity.ts';
import { alarming, minuteText, tableOf, withCode, type Html } from './status-words.ts';

/** The parts of the status page that are about people: what waits for them, how far each flow is trusted, and whether changes are frozen. */

/** Says what is frozen until when, by whom and why; nothing when nothing is. */
export function freezeBanner({ freeze }: Pick<Overview, 'freeze'>): Html | '' {
  if (freeze === null) return '';
  return html`<p class="freeze" role="status">
    <b>Frozen until ${minuteText(freeze.until)}</b> by ${freeze.by}: ${freeze.reason}. ${frozenWhat}
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
        : tableOf(
            ['age', 'code', 'owner', 'what', 'next'],
            exceptions.map((each) => [
              clockOf(each),
              html`<span title="${each.meaning ?? ''}">${each.code}</span>`,
              each.owner,
              html`${each.reason}<br /><small>${each.subjectKey}</small>`,
              withCode(each.next ?? ''),
            ]),
            'text',
          )
    }
    ${open > exceptions.length ? html`<p>The ${exceptions.length} oldest; <code>qm exceptions</code> has all.</p>` : ''}
  </section>`;
}

function clockOf({ ageMinutes, overdue, snoozedUntil, dueAt }: Overview['exceptions'][number]): Html {
  const words = `${ageInWords(ageMinutes)}${overdue ? ', overdue' : ''}${snoozedUntil === null ? '' : ', snoozed'}`;
  return html`<span title="due ${dueAt ?? ''}">${overdue ? alarming(words) : words}</span>`;
}

function approvalSection({ approvals }: Overview): Html {
  return html`<section>
    <h2>Waiting for an approval (${approvals.length})</h2>
    ${
      approvals.length === 0
        ? html`<p>Nothing.</p>`
        : tableOf(
            ['id', 'since', 'flow', 'asked by', 'needs', 'what'],
            approvals.map(({ id, askedAt, flow, askedBy, needs, what }) => [id, minuteText(askedAt), flow, askedBy, needs, what]),
            'text',
          )
    }
  </section>`;
}

function maturitySection({ maturity, policy, freeze }: Overview): Html {
  return html`<section>
    <h2>How far each flow is trusted</h2>
    ${tableOf(
      ['flow', 'step', 'agreement', 'agreed', 'differed', 'waiting'],
      maturity.map(({ flow, step, agreement, agreed, differed, waiting }) => [
        flow,
        step,
        shareInWords(agreement),
        agreed,
        differed,
        waiting,
      ]),
    )}
    <p>Policy ${policy.name}, <code title="${policy.hash}">${policy.hash.slice(0, 12)}</code>. Agreement of the last 30 days.</p>
    <p>${freeze === null ? 'Not frozen: policy and modes may be changed.' : html`Frozen until ${minuteText(freeze.until)}.`}</p>
  </section>`;
}
