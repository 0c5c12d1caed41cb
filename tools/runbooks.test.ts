import { eventCatalogue, exceptionMeanings, orderHappenings } from '@quartermaster/flows';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

// Alerts, their runbooks, and what is documented of exceptions: against what the program has.

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const lines = read('apps/quartermaster/deploy/alerts.yaml').split('\n');
const metricLines = read('apps/quartermaster/src/metrics/metric-catalogue.ts');

/** Rules in the one layout that our file has. */
const alerts = lines.flatMap((line, at) => {
  const name = /^ {6}- alert: (\w+)$/.exec(line)?.[1];
  if (name === undefined) return [];
  const until = lines.findIndex((each, later) => later > at && /^ {6}- /.test(each));
  const rule = lines.slice(at, until === -1 ? undefined : until).join('\n');
  const field = (field: string) => new RegExp(`^ +${field}: '?(.+?)'?$`, 'm').exec(rule)?.[1] ?? '';
  return [{ name, expr: field('expr'), severity: field('severity'), summary: field('summary'), runbook: field('runbook') }];
});

/** Our metrics with their labels, as the catalogue writes them: the help text, then the labels. */
const metrics = new Map(
  [...metricLines.matchAll(/^ {2}(qm_\w+): (\w+)\(([\s\S]*?)\),?$/gm)].map(([, name = '', type, given = '']) => {
    const labels = [...given.matchAll(/'([a-z]+)'/g)].map(([, label = '']) => label);
    return [name, new Set([...labels, ...(type === 'histogram' ? ['le'] : [])])] as const;
  }),
);
/** Of Prometheus itself, and of the metrics of Node that prom-client makes. */
const others = new Set(['up', 'process_resident_memory_bytes', 'nodejs_eventloop_lag_p99_seconds']);

test('the alerts and metrics were found', () => {
  expect(alerts.length).toBeGreaterThan(15);
  expect(metrics.size).toBeGreaterThan(25);
  expect(metrics.get('qm_intents')).toEqual(new Set(['connection', 'kind', 'state']));
  expect(metrics.get('qm_vendor_call_seconds')).toEqual(new Set(['connection', 'operation', 'outcome', 'le']));
});

test.each(alerts)('$name asks for metrics and labels that there are', ({ expr }) => {
  const asked = [...expr.matchAll(/\b(qm_\w+|process_\w+|nodejs_\w+|up)\b(?:\{([^}]*)\})?/g)];
  expect(asked).not.toEqual([]);
  for (const [, name = '', selectors = ''] of asked) {
    const ours = metrics.get(name.replace(/_(bucket|count|sum)$/, '')) ?? metrics.get(name);
    expect(ours === undefined && !others.has(name) ? `there is no metric ${name}` : '').toBe('');
    const labels = [...selectors.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label);
    expect(labels.filter((label) => ours?.has(label) === false)).toEqual([]);
  }
  const events = [...expr.matchAll(/event="([^"]+)"/g)].map(([, event = '']) => event);
  expect(events.filter((event) => !(event in eventCatalogue) && !orderHappenings.includes(event.replace('order.', '')))).toEqual([]);
});

test.each(alerts)('$name has a runbook that says all that a person needs', ({ name, expr, severity, summary, runbook }) => {
  const page = read(runbook);
  const parts = [...page.matchAll(/^\*\*(.+?)\*\*/gm)].map(([, part]) => part);

  expect(page.startsWith(`# ${name}\n\n${summary}\n`)).toBe(true);
  expect(page).toContain(`severity \`${severity}\`: \`${expr}\``);
  expect(parts).toEqual(['What it means.', 'How urgent.', 'What to look at.', 'What to do.', 'Over when.']);
  expect(['critical', 'warning', 'info']).toContain(severity);
});

test('the runbooks are those of the alerts, and the index leads to each', () => {
  const pages = readdirSync(join(root, 'docs/runbooks')).filter((name) => name !== 'README.md' && name !== 'exceptions.md');
  const index = [...read('docs/runbooks/README.md').matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, page = '']) => page);

  expect(pages.toSorted()).toEqual(alerts.map(({ runbook }) => runbook.replace('docs/runbooks/', '')).toSorted());
  expect(index.toSorted()).toEqual([...pages, 'exceptions.md'].toSorted());
});

test('the commands that runbooks name are commands of qm', () => {
  const known = new Set(
    [...read('docs/cli.md').matchAll(/^\| `qm ([^`]+)`/gm)].flatMap(([, command = '']) => command.split(' ')[0]?.split('\\|') ?? []),
  );
  const pages = readdirSync(join(root, 'docs/runbooks')).map((name) => read(`docs/runbooks/${name}`));
  const named = pages.flatMap((page) => [...page.matchAll(/`qm ([a-z][a-z-]*)/g)].map(([, command = '']) => command));

  expect(named.length).toBeGreaterThan(50);
  expect([...new Set(named)].filter((command) => !known.has(command))).toEqual([]);
});

/** Differences between the sides are explained with their causes. */
const isDrift = (code: string) => code.startsWith('drift-');

test('the page on exceptions has every code with its meaning and what to do, and no other', () => {
  const rows = [...read('docs/runbooks/exceptions.md').matchAll(/^\| `([a-z-]+)` \| (.+?) \| (\S.{10,}) \|$/gm)];

  const others = Object.entries(exceptionMeanings).filter(([code]) => !isDrift(code));
  expect(Object.fromEntries(rows.map(([, code, meaning]) => [code, meaning]))).toEqual(Object.fromEntries(others));
});

test('the page on reconciling has every cause of a difference, with what to do', () => {
  const page = read('docs/reconcile.md');
  const causes = Object.keys(exceptionMeanings).filter(isDrift);

  expect(causes.length).toBeGreaterThan(10);
  expect(causes.filter((code) => !page.includes(`| \`${code.replace('drift-', '')}\` |`))).toEqual([]);
});
