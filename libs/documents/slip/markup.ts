import { chineseCapitals } from '#libs/kernel/money/index.js';
import type { OrganisationView } from '#libs/onboarding/contract/index.js';
import type { ReceiptView } from '#libs/payments/contract/index.js';
import {
  CANCELLED,
  CHANNELS,
  FOOTNOTE,
  groupedCode,
  groupedDecimal,
  LABELS,
  type Label,
  localTimeOf,
  payerNameOf,
  printable,
  printedLines,
  samePayer,
} from '#libs/documents/wording.js';

/** Columns of an 80 mm printer: half-width characters; a Chinese one takes two. */
export const COLUMNS = 48;

const LABEL_COLUMNS = 21;
const LABELLED = `{width:${LABEL_COLUMNS},*}`;
const WHOLE = '{width:*}';

/** Everything with a meaning in ReceiptLine: a name must not cut the paper or speak to the printer. */
const SPECIAL = /[\\{|}~_"`^=;-]/g;

/** Text from outside as ReceiptLine prints it, letter by letter. */
function literally(text: string): string {
  return text.replace(SPECIAL, (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** Of signs: the markup's own rule is drawn from a code page that printers for China do not have. */
const RULE = `${WHOLE}\n${literally('-'.repeat(COLUMNS))}`;

interface SlipContent {
  readonly receipt: ReceiptView;
  readonly organisation: OrganisationView;
  /** What the QR code holds: the address of the public check. */
  readonly verificationUrl: string;
}

/** The slip in ReceiptLine markup (OFSC ReceiptLine specification). Pure. */
export function slipMarkup({ receipt, organisation, verificationUrl }: SlipContent): string {
  return [
    WHOLE,
    `^^^${literally(printable(organisation.nameZh))}`,
    literally(printable(organisation.nameEn)),
    both(LABELS.title),
    ...(receipt.status === 'CANCELLED' ? ['', `\`^^ ${CANCELLED.zh} ${CANCELLED.en} ^^\``] : []),
    RULE,
    ...headOf(receipt),
    RULE,
    ...linesOf(receipt),
    RULE,
    pricedFor(receipt),
    `^^${both(LABELS.total)} | ^^￥${literally(groupedDecimal(receipt.total))}`,
    WHOLE,
    `${both(LABELS.capitals)} |`,
    `${chineseCapitals(receipt.total)} |`,
    RULE,
    `{code:${literally(verificationUrl)};option:qrcode,4,m}`,
    `${LABELS.code.zh} ${literally(groupedCode(receipt.verificationCode))}`,
    '',
    FOOTNOTE.zh,
    literally(FOOTNOTE.en),
  ].join('\n');
}

function headOf(receipt: ReceiptView): readonly string[] {
  const [first] = receipt.lines;
  const payer = first && samePayer(receipt.lines) ? first : undefined;
  return [
    LABELLED,
    labelled(LABELS.number, receipt.number),
    labelled(LABELS.issued, localTimeOf(receipt.issuedAt)),
    ...(payer
      ? [
          labelled(LABELS.payer, payerNameOf(payer)),
          labelled(LABELS.payerNumber, printable(payer.payerNumber)),
        ]
      : []),
    labelled(LABELS.channel, CHANNELS[receipt.channel].zh),
  ];
}

function linesOf(receipt: ReceiptView): readonly string[] {
  const severalPayers = !samePayer(receipt.lines);
  const priced = pricedFor(receipt);
  return printedLines(receipt.lines).flatMap((line) => [
    priced,
    `${literally(printable(line.description))} | ${literally(groupedDecimal(line.amount))}`,
    WHOLE,
    `~${literally(printable(line.billNumber))} |`,
    ...(severalPayers
      ? [`~${literally(payerNameOf(line))} ${literally(printable(line.payerNumber))} |`]
      : []),
  ]);
}

/** As narrow as the amounts are, so that names have room; the total, the widest, has a sign of two columns. */
function pricedFor({ total }: ReceiptView): string {
  return `{width:*,${groupedDecimal(total).length + 2}}`;
}

function labelled(label: Label, value: string): string {
  return `${both(label)} | ${literally(value)}`;
}

function both({ zh, en }: Label): string {
  return `${zh} ${literally(en)}`;
}
