import { epochMs, instantOf, type Instant } from '@quartermaster/domain';

/** The one form of an instant, which sorts as text; instants that decide what is due are brought to it here. Throws a `RangeError` for text that is no instant. */
export function storedInstant(instant: Instant): Instant {
  return instantOf(epochMs(instant));
}
