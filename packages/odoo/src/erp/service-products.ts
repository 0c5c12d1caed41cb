/** Service products that order lines without stock are written with. The set-up makes them. */
export const shippingSku = 'QM-SHIPPING';
export const taxSku = 'QM-TAX';
export const discountSku = 'QM-DISCOUNT';
/** What a channel sells and nobody ships, such as a gift card or a fee. */
export const otherSku = 'QM-OTHER';

export const serviceSkus = [shippingSku, taxSku, discountSku, otherSku] as const;
