import { z } from 'zod';

const cost = z.strictObject({
  total: z.number(),
  shipping: z.number(),
  labor: z.number(),
  lateness: z.number(),
  split: z.number(),
  unfilled: z.number(),
});

/** What `qm demo --exit --json` prints, exactly. */
export const demoFiguresSchema = z.strictObject({
  orders: z.strictObject({
    in: z.int(),
    shipped: z.int(),
    partial: z.int(),
    backordered: z.int(),
    held: z.int(),
    cancelled: z.int(),
    exceptions: z.int(),
    confirmed: z.int(),
  }),
  cost,
  baseline: cost,
  gap: z.number(),
  openExceptions: z.int(),
  seconds: z.number(),
});
export type DemoFigures = z.infer<typeof demoFiguresSchema>;

export function parseFigures(text: string): DemoFigures {
  return demoFiguresSchema.parse(JSON.parse(text));
}

export function withoutSeconds({ seconds: _seconds, ...rest }: DemoFigures): Omit<DemoFigures, 'seconds'> {
  return rest;
}
