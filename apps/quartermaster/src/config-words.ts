import { z } from 'zod';

/** A secret is never written in the config: the config says where it is. */
export const secretSchema = z.union([z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })]);
export type SecretSource = z.infer<typeof secretSchema>;

/** The stable id of a connection: it stands in every key, so it is given once and kept. */
export const connectionSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,30}$/, 'letters, digits and dashes, at most 31');

/** So many calls of a connection are under way at a time, in each daemon. */
export const mostAtOnceSchema = z.int().min(1).max(64);
