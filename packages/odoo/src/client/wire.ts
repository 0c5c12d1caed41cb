import { z } from 'zod';

export const rpcReplySchema = z.object({
  result: z.unknown().optional(),
  error: z.object({ message: z.string(), data: z.object({ name: z.string(), message: z.string() }) }).optional(),
});

export const exceptionSchema = z.object({ name: z.string(), message: z.string() });

export const versionSchema = z.object({ server_version_info: z.tuple([z.union([z.int(), z.string()])], z.unknown()) });
export const webVersionSchema = z.object({ version_info: z.tuple([z.union([z.int(), z.string()])], z.unknown()) });

export const userSchema = z.object({ id: z.int(), login: z.string(), email: z.union([z.string(), z.literal(false)]), company_id: z.int() });
export const companySchema = z.object({ id: z.int(), name: z.string(), currency_id: z.tuple([z.int(), z.string()]) });

export const loadReplySchema = z.object({
  ids: z.union([z.array(z.int()), z.literal(false)]),
  messages: z.array(z.object({ field: z.unknown().optional(), message: z.string() })),
});
