import { z } from 'zod';

/** An exception of the server, as JSON-RPC and JSON-2 send it. */
export const exceptionSchema = z.object({ name: z.string(), message: z.string() });

const versionPart = z.union([z.int(), z.string()]);
export const versionSchema = z.object({ server_version_info: z.tuple([versionPart], z.unknown()) });
export const webVersionSchema = z.object({ version_info: z.tuple([versionPart], z.unknown()) });

export const userSchema = z.object({
  id: z.int(),
  login: z.string(),
  email: z.union([z.string(), z.literal(false)]),
  company_id: z.int(),
  company_ids: z.array(z.int()),
});
export const companySchema = z.object({ id: z.int(), name: z.string(), currency_id: z.tuple([z.int(), z.string()]) });
export const languageSchema = z.object({ code: z.string() });

export const loadReplySchema = z.object({
  ids: z.union([z.array(z.int()), z.literal(false)]),
  messages: z.array(z.object({ record: z.int().nullish(), field: z.unknown().optional(), message: z.string() })),
});
