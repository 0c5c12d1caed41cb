import type { Instant } from '@quartermaster/domain';

/** One thing that a promise came about by, in order. Days are local dates: at the warehouse until it leaves, at the customer afterwards. */
export type PromiseStep =
  | { readonly kind: 'skipped'; readonly date: string; readonly by: 'warehouse' | 'carrier' | 'wave'; readonly why: string }
  | {
      readonly kind: 'cutoff';
      readonly date: string;
      readonly by: 'warehouse' | 'carrier' | 'wave';
      readonly closesAt: Instant;
      readonly isMet: boolean;
    }
  /** `days` are those that the carrier's calendar counts; `confidence` is null where the carrier names one number only. */
  | { readonly kind: 'transit'; readonly days: number; readonly confidence: number | null }
  | { readonly kind: 'under-way'; readonly date: string; readonly day: number }
  | { readonly kind: 'rests'; readonly date: string; readonly why: string }
  | { readonly kind: 'not-delivered'; readonly date: string; readonly why: string }
  | { readonly kind: 'arrives'; readonly date: string };

/** A step as a sentence for people. */
export function stepText(step: PromiseStep): string {
  switch (step.kind) {
    case 'skipped':
      return `${step.date}: nothing leaves (${step.by}: ${step.why})`;
    case 'cutoff':
      return step.isMet
        ? `${step.date}: leaves; the ${step.by} closes at ${step.closesAt}`
        : `${step.date}: too late; the ${step.by} closed at ${step.closesAt}`;
    case 'transit':
      return `${step.days} ${step.days === 1 ? 'day' : 'days'} under way${step.confidence === null ? '' : `, within which ${step.confidence} % arrive`}`;
    case 'under-way':
      return `${step.date}: day ${step.day} under way`;
    case 'rests':
      return `${step.date}: does not count (${step.why})`;
    case 'not-delivered':
      return `${step.date}: nothing is delivered (${step.why})`;
    case 'arrives':
      return `${step.date}: arrives`;
  }
}
