import { fingerprint } from '@quartermaster/connector-kit';
import type { Instant } from '@quartermaster/domain';
import type { z } from 'zod';
import { fileOrderSchema } from './wire.ts';
import type { TimedOrder } from './translate.ts';

/** The file that a version of an order stands in. `key` stays when it is moved. */
export type OrderFile = { readonly key: string; readonly name: string; readonly modifiedAt: Instant };

/** One version of one order, as one file has it. */
export type OrderVersion = {
  readonly id: string;
  readonly file: OrderFile;
  readonly updatedAt: Instant;
  /** Fingerprint of what the file says of the order: what was sent again is the same. */
  readonly content: string;
  readonly read:
    | { readonly kind: 'order'; readonly order: TimedOrder }
    | { readonly kind: 'unreadable'; readonly reason: string; readonly raw: string };
};

/** An order that is not looked into yet: the document, and where in the file each part of it stands. */
export type Candidate = {
  readonly document: unknown;
  /** Says where a part of the document stands, in words for people, such as `line 3, column quantity`. */
  readonly place: (path: readonly PropertyKey[]) => string;
  /** What was wrong before the schema could see it, such as a row with a cell too many. */
  readonly problems: readonly string[];
  /** Names the order where it has no id. */
  readonly nth: number;
};

/** At most this many problems of one order are told. */
const mostProblems = 5;

/** Looks into an order. What is wrong with it is named by file and place, never by value: values are personal data. */
export function versionOf(candidate: Candidate, file: OrderFile): OrderVersion {
  const raw = JSON.stringify(candidate.document) ?? '';
  const content = fingerprint(raw);
  const parsed = fileOrderSchema.safeParse(candidate.document);
  if (parsed.success && candidate.problems.length === 0) {
    const order = { ...parsed.data, updated_at: parsed.data.updated_at ?? file.modifiedAt };
    return { id: order.order_id, file, updatedAt: order.updated_at, content, read: { kind: 'order', order } };
  }
  const issues = parsed.success ? [] : parsed.error.issues.map((issue) => `${candidate.place(issue.path)}: ${wordsOf(issue)}`);
  const reason = `${file.name}: ${[...candidate.problems, ...issues].slice(0, mostProblems).join('; ')}`;
  const id = textOf(candidate.document, 'order_id') ?? `${file.name}#${candidate.nth}`;
  return { id, file, updatedAt: file.modifiedAt, content, read: { kind: 'unreadable', reason, raw } };
}

/** A file of which nothing can be read. */
export function unreadableFile(file: OrderFile, why: string, raw: string): OrderVersion {
  const read = { kind: 'unreadable', reason: `${file.name}: ${why}`, raw } as const;
  return { id: `file:${file.name}`, file, updatedAt: file.modifiedAt, content: fingerprint(raw, why), read };
}

/** Whether a version comes after another of the same order; what says the same does not. */
export function supersedes(version: OrderVersion, other: OrderVersion): boolean {
  if (version.content === other.content) return false;
  const keys = ({ updatedAt, file }: OrderVersion) => [updatedAt, file.modifiedAt, file.name] as const;
  const theirs = keys(other);
  for (const [at, ours] of keys(version).entries()) {
    const their = theirs[at] ?? '';
    if (ours !== their) return ours > their;
  }
  return true;
}

/** zod's own words without what was received. */
function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_union') return issue.errors.flat().map(wordsOf).at(-1) ?? 'not understood';
  return issue.code === 'invalid_type' && /received undefined/.test(issue.message) ? 'missing' : issue.message;
}

function textOf(document: unknown, field: string): string | null {
  if (typeof document !== 'object' || document === null) return null;
  const value: unknown = Object.entries(document).find(([name]) => name === field)?.[1];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}
