import { z } from 'zod';

/** Why lines are taken back from the node that was to ship them. */
export const takenBackReasons = ['short-pick', 'rejected', 'outage', 'late-stock', 'better-plan'] as const;
export type TakenBackReason = (typeof takenBackReasons)[number];

/** A line that a node could not ship: sourcing gives it to another one. */
export const avoidedNodeSchema = z.object({ lineId: z.string().min(1), node: z.string().min(1), why: z.enum(takenBackReasons) });
export type AvoidedNode = z.infer<typeof avoidedNodeSchema>;
