import { JournalError } from './journal-error.ts';

/** How the bodies of one kind of record look today, and what makes one of an older program look so. */
export type RecordShape = {
  /** Rises with every change after which an older program could not read what this one writes. A kind that is not named has 1. */
  readonly version: number;
  /** Gets a body of an earlier version, parsed from JSON, and gives it in today's. */
  readonly upgrade: (body: unknown, from: number) => unknown;
};

export type RecordShapes = Readonly<Record<string, RecordShape>>;

export function shapeOf(shapes: RecordShapes, kind: string): number {
  return shapes[kind]?.version ?? 1;
}

/** A body in today's shape. Throws `newer-schema` for one that only a newer program understands. */
export function inTodaysShape(
  shapes: RecordShapes,
  { kind, shape }: { readonly kind: string; readonly shape: number },
  body: unknown,
): unknown {
  const today = shapeOf(shapes, kind);
  if (shape > today) {
    throw new JournalError(
      'newer-schema',
      `The journal holds a record of kind ${kind} that a newer program wrote (shape ${shape}, this one knows ${today}); use that program.`,
    );
  }
  return shape === today ? body : (shapes[kind]?.upgrade(body, shape) ?? body);
}
