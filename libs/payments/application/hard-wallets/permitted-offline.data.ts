/** Payments that a device may make between two loads. Of devices issued from now on; each keeps the number it was issued with. */
export const PERMITTED_OFFLINE = 100;
