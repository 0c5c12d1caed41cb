import type { Address, AddressVerdict } from '@quartermaster/domain';
import type { WireAddress } from './wire.ts';

/**
 * What EasyPost's delivery verification says of an address. Where it says the place by other words these are suggested; capitals, punctuation and the four digits behind an American postal
 * code are no other words. An address that was not checked at all is `unsupported`.
 */
export function verdictOf(asked: Address, answer: WireAddress, redact: (text: string) => string): AddressVerdict {
  const delivery = answer.verifications?.delivery ?? null;
  const isResidential = answer.residential ?? null;
  if (delivery === null) return { kind: 'unsupported', suggested: null, isResidential, messages: ['EasyPost did not check this address.'] };
  const messages = delivery.errors.map(({ code, message }) => redact(message ?? code ?? 'no reason given'));
  if (delivery.success) {
    const suggested = suggestionOf(asked, answer);
    return sameWords(asked, suggested)
      ? { kind: 'valid', suggested: null, isResidential, messages }
      : { kind: 'corrected', suggested, isResidential, messages };
  }
  const codes = delivery.errors.map(({ code }) => code ?? '');
  const kind = codes.some((code) => unsupported.test(code))
    ? 'unsupported'
    : codes.some((code) => ambiguous.test(code))
      ? 'ambiguous'
      : 'invalid';
  return { kind, suggested: null, isResidential, messages };
}

const unsupported = /COUNTRY\.UNSUPPORTED/;
const ambiguous = /ADDRESS\.MULTIPLE|SECONDARY_INFORMATION\.MISSING/;

function suggestionOf(asked: Address, answer: WireAddress): Address {
  return {
    ...asked,
    lines: [answer.street1, answer.street2].flatMap((line) => (line ? [line] : [])),
    city: answer.city ?? asked.city,
    region: answer.state ?? asked.region,
    postalCode: answer.zip ?? asked.postalCode,
    country: answer.country ?? asked.country,
  };
}

function sameWords(one: Address, other: Address): boolean {
  return wordsOf(one) === wordsOf(other);
}

function wordsOf({ lines, city, region, postalCode, country }: Address): string {
  const code = country === 'US' ? postalCode.slice(0, 5) : postalCode;
  return [...lines, city, region ?? '', code, country]
    .join(' ')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
