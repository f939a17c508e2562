import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { isUuid } from '#libs/kernel/ids/index.js';
import { currencyOf, formatDecimal, money } from '#libs/kernel/money/index.js';
import { DECIDER_STORE, SPREADSHEET_WRITER } from '#libs/runtime/port/tokens.js';
import type { SpreadsheetWriter } from '#libs/spreadsheet/port/index.js';
import { massRefundAggregate } from '../../codec/index.js';
import { MassRefundReport } from '../../contract/mass-refund.js';
import type { Figures, WoundUp } from '../../domain/mass-refund/index.js';
import { mayReadMassRefund } from './mass-refund-access.js';

/** A workbook is written as a whole, a quarter of a millisecond a row; what is beyond stays in the stream. */
const MOST_ROWS = 20_000;
const WIDTHS = [38, 26, 48, 30, 14, 14, 14, 14, 8, 14, 22] as const;

/** A row for every contract, then the sums: the same figures as the ledger's for the same contracts. */
@QueryHandler(MassRefundReport)
export class MassRefundReportHandler implements IQueryHandler<MassRefundReport> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(SPREADSHEET_WRITER) private readonly writer: SpreadsheetWriter,
  ) {}

  async execute({ context, id, language }: MassRefundReport) {
    if (!isUuid(id)) return undefined;
    const { state } = await this.store.load(massRefundAggregate, id);
    if (state.status === 'absent' || !mayReadMassRefund(context.caller, state)) return undefined;
    if (state.pages === 0) return undefined;
    const outcomes: WoundUp[] = [];
    for (const { event } of await this.store.history(massRefundAggregate, id)) {
      if (event.type === 'MassRefundProgressed') outcomes.push(...event.data.outcomes);
    }
    const words = WORDS[language];
    const content = await this.writer.write({
      name: words.sheet,
      columns: words.columns.map((header, index) => ({ header, widthCharacters: WIDTHS[index]! })),
      rows: [
        ...outcomes.slice(0, MOST_ROWS).map(rowOf),
        ...(outcomes.length > MOST_ROWS ? [restRow(words.rest, outcomes.length - MOST_ROWS)] : []),
        ...state.figures.sums.map((sum) => totalRow(words.total, sum)),
      ],
    });
    return { fileName: `${words.sheet}-${state.organisationId}.xlsx`, content };
  }
}

function rowOf(outcome: WoundUp): readonly string[] {
  const { contractId, templateId, subject, funder, status, code } = outcome;
  return [contractId, templateId, subject, funder, ...figuresOf(outcome), status, code ?? ''];
}

/** Says how many contracts have no row of their own. */
function restRow(title: string, contracts: number): readonly string[] {
  return [title, String(contracts), ...Array<string>(WIDTHS.length - 2).fill('')];
}

function totalRow(title: string, sum: Figures['sums'][number]): readonly string[] {
  return [title, '', '', '', ...figuresOf(sum), '', ''];
}

function figuresOf({ asset, heldBefore, refunded, released, owed }: Figures['sums'][number]) {
  const amounts = [heldBefore, refunded, released, owed];
  return [...amounts.map((amount) => formatDecimal(money(asset, amount))), currencyOf(asset)];
}

const WORDS = {
  'zh-CN': {
    sheet: '集中退款',
    total: '合计',
    rest: '其余合约数',
    columns: [
      '合约',
      '模板',
      '事项',
      '付款方账户',
      '处理前托管',
      '已退款',
      '已释放',
      '待付',
      '币种',
      '状态',
      '未处理原因',
    ],
  },
  'en-US': {
    sheet: 'mass-refund',
    total: 'total',
    rest: 'further contracts',
    columns: [
      'contract',
      'template',
      'subject',
      'payer account',
      'held before',
      'refunded',
      'released',
      'owed',
      'currency',
      'status',
      'why not',
    ],
  },
} as const;
