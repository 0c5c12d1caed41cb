import { decimalOf, type DeliveryTerms } from '@quartermaster/domain';

/** USPS's codes of extra services that we ask for. */
const signatureConfirmation = 921;
const adultSignature = 922;
/** Priority Mail Express has its own. */
const expressSignature = 981;
const expressInsurance = 925;
const insuranceUpTo500 = 930;
const insuranceAbove500 = 931;

/** What is asked of the delivery beyond the service, in USPS's codes; USPS delivers on Saturdays anyway. */
export function extraServicesOf(delivery: Pick<DeliveryTerms, 'signature' | 'insured'>, mailClass: string): readonly number[] {
  const isExpress = mailClass.startsWith('PRIORITY_MAIL_EXPRESS');
  const signature = { none: [], anyone: [isExpress ? expressSignature : signatureConfirmation], adult: [adultSignature] }[
    delivery.signature
  ];
  const { insured } = delivery;
  if (insured === null || insured.minor === 0) return signature;
  if (isExpress) return [...signature, expressInsurance];
  return [...signature, insured.minor <= 50_000 ? insuranceUpTo500 : insuranceAbove500];
}

/** Whole and hundredth dollars as USPS has them: a number. */
export function insuredDollars({ insured }: Pick<DeliveryTerms, 'insured'>): number | null {
  return insured === null || insured.minor === 0 ? null : Number(decimalOf(insured));
}

/** What kind of money an extra service costs. */
export function chargeTypeOfService(code: string): 'confirmation' | 'insurance' | 'additional-fees' {
  if (/^(9(1[0-3]|2[1-4]|81)|48[6-9])$/.test(code)) return 'confirmation';
  return /^9(25|3[014])$/.test(code) ? 'insurance' : 'additional-fees';
}
