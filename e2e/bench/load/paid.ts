interface Answer {
  readonly errors?: unknown;
  readonly data?: { readonly payBills?: Payment };
}

interface Payment {
  readonly __typename?: string;
  readonly id?: string;
  readonly status?: string;
  readonly receipts?: readonly { readonly number?: string }[];
}

const RECEIPT_NUMBER = /^\d{4}-\d{8}$/;

/**
 * The payment's id and the numbers of its receipts, if the answer says that it was captured and has receipts with numbers.
 */
export function paymentIn(body: string): string | undefined {
  const payment = readPayment(body);
  if (payment?.status !== 'CAPTURED') return undefined;
  const numbers = (payment.receipts ?? []).map(({ number }) => number ?? '');
  const numbered = numbers.length > 0 && numbers.every((number) => RECEIPT_NUMBER.test(number));
  return numbered && payment.id ? [payment.id, ...numbers].join(' ') : undefined;
}

/** Whether the answer says that an institution has the next word on the payment. */
export function isUnknown(body: string): boolean {
  const status = readPayment(body)?.status;
  return status === 'UNKNOWN' || status === 'AUTHORISING';
}

function readPayment(body: string): Payment | undefined {
  try {
    const { errors, data } = JSON.parse(body) as Answer;
    const payment = data?.payBills;
    return errors === undefined && payment?.__typename === 'Payment' ? payment : undefined;
  } catch {
    return undefined;
  }
}
