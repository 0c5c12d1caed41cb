import { fingerprint } from '@quartermaster/connector-kit';
import type { LabelRequest } from '@quartermaster/domain';
import { lengths } from './limits.ts';

/**
 * The reference that a shipment is found by in DHL's portal: ours for people, cut, and 12 characters that follow from the intent's key alone, so that no two purchases have the same. DHL prints it,
 * and wants 8 to 35 characters that are unique.
 */
export function referenceOf(request: Pick<LabelRequest, 'reference'>, key: string): string {
  const own = `QM${fingerprint(key).slice(0, 12).toUpperCase()}`;
  const spoken = request.reference
    .normalize('NFKC')
    .replaceAll(/[^\p{L}\p{N}/._-]+/gu, ' ')
    .trim()
    .slice(0, lengths.refNo - own.length - 1)
    .trim();
  return spoken === '' ? own : `${spoken} ${own}`;
}
