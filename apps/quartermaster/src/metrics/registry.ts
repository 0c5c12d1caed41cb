import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { metricCatalogue, type CounterName, type GaugeName, type HistogramName, type LabelsOf } from './metric-catalogue.ts';

/** The metrics of a process, to be counted up, set and read. Every name is of the catalogue, with exactly its labels. */
export type Metrics = {
  count<Name extends CounterName>(name: Name, labels: LabelsOf<Name>, by?: number): void;
  set<Name extends GaugeName>(name: Name, labels: LabelsOf<Name>, value: number): void;
  observe<Name extends HistogramName>(name: Name, labels: LabelsOf<Name>, seconds: number): void;
  /** Shows a histogram with nothing in it: Prometheus sees an increase only from a figure that it knew. */
  begin<Name extends HistogramName>(name: Name, labels: LabelsOf<Name>): void;
  /** Forgets what a gauge had, so that what is not set again is not told any more. */
  clear(name: GaugeName): void;
  /** In the text format of Prometheus. */
  text(): Promise<string>;
  readonly contentType: string;
};

/** A label has at most so many values; more are told as `other`. Ours have a few dozen: whatever goes wrong, a series per order cannot come of it. */
export const mostLabelValues = 200;

/** Makes the metrics of this process, those of Node (memory, CPU, lag of the event loop, garbage collection) among them unless `ofNode` is false. */
export function createMetrics({ ofNode = true }: { readonly ofNode?: boolean } = {}): Metrics {
  const registry = new Registry();
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();
  for (const [name, { type, help, labels: labelNames, ...rest }] of Object.entries(metricCatalogue)) {
    const told = { name, help, labelNames: [...labelNames], registers: [registry] };
    if (type === 'counter') counters.set(name, new Counter(told));
    if (type === 'gauge') gauges.set(name, new Gauge(told));
    if (type === 'histogram') histograms.set(name, new Histogram({ ...told, buckets: 'buckets' in rest ? [...rest.buckets] : [] }));
  }
  if (ofNode) collectDefaultMetrics({ register: registry });
  const known = new Map<string, Set<string>>();
  const bounded = (name: string, labels: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(labels).map(([label, value]) => [label, boundedValue(`${name}/${label}`, value)]));
  const boundedValue = (label: string, value: string): string => {
    const values = known.get(label) ?? new Set<string>();
    known.set(label, values);
    if (values.has(value)) return value;
    if (values.size >= mostLabelValues) return 'other';
    values.add(value);
    return value;
  };
  return {
    count: (name, labels, by = 1) => counters.get(name)?.inc(bounded(name, labels), by),
    set: (name, labels, value) => gauges.get(name)?.set(bounded(name, labels), value),
    observe: (name, labels, seconds) => histograms.get(name)?.observe(bounded(name, labels), seconds),
    begin: (name, labels) => histograms.get(name)?.zero(bounded(name, labels)),
    clear: (name) => gauges.get(name)?.reset(),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
