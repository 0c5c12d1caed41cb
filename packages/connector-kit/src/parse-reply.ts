import { ConnectorFault } from '@quartermaster/domain';
import type { ZodType } from 'zod';
import type { HttpReply } from './http.ts';

/**
 * Parses a vendor's answer. Throws `malformed-reply`, naming the field but never its value. `outcome` says what a bad answer means for the request: for an effect it is `unknown`
 * (something was answered, so something may have been done), for a read `not-applied`.
 */
export function parseReply<T>(
  schema: ZodType<T>,
  reply: HttpReply,
  context: { readonly connector: string; readonly operation: string; readonly outcome: 'not-applied' | 'unknown' },
): T {
  const malformed = (message: string) =>
    new ConnectorFault('malformed-reply', {
      ...context,
      retry: { kind: 'safely' },
      status: reply.status,
      message,
      advice: 'Something between us and the vendor answered in its place, or the vendor changed its answers.',
    });
  let json: unknown;
  try {
    json = JSON.parse(reply.text);
  } catch {
    throw malformed(`the answer is not JSON (${reply.headers['content-type'] ?? 'no content type'}, ${reply.text.length} characters)`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw malformed(`the answer has an unexpected shape at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'unknown'}`);
}
