import { decodeMoney, encodeMoney } from '#libs/event-log/codec/money.js';
import type { JsonObject } from '#libs/event-log/port/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import type { AdvanceId, OrganisationId, PaymentId, WalletId } from '#libs/kernel/ids/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';
import type { Channel, Tender } from '../domain/payment/index.js';

export function encodeTender(tender: Tender): JsonObject {
  switch (tender.channel) {
    case 'wallet': {
      const { walletId, subWalletId, owner, codeId } = tender;
      return {
        channel: 'wallet',
        walletId,
        ...(subWalletId !== undefined && { subWalletId }),
        ...(owner !== undefined && { owner }),
        ...(codeId !== undefined && { codeId }),
      };
    }
    case 'cash':
      return { channel: 'cash', tendered: encodeMoney(tender.tendered) };
    case 'cheque': {
      const { chequeNumber, bank, chequeDate } = tender;
      return { channel: 'cheque', chequeNumber, bank, chequeDate };
    }
    case 'pos':
      return { channel: 'pos', terminalId: tender.terminalId, approvalCode: tender.approvalCode };
    case 'transfer':
      return { channel: 'transfer' };
    case 'operator':
      return { channel: 'operator', payerToken: tender.payerToken };
    case 'advance':
      return { channel: 'advance', advanceId: tender.advanceId };
    case 'offline':
      return { channel: 'offline', hardWalletId: tender.hardWalletId, counter: tender.counter };
    case 'suspense':
      return {
        channel: 'suspense',
        ofPayment: tender.ofPayment,
        organisationId: tender.organisationId,
      };
    default:
      return assertNever(tender, 'tender');
  }
}

export function decodeTender(json: JsonObject): Tender {
  const channel = json['channel'] as Channel;
  switch (channel) {
    case 'wallet':
      return {
        channel,
        walletId: json['walletId'] as WalletId,
        ...(json['subWalletId'] !== undefined && { subWalletId: json['subWalletId'] as string }),
        ...(json['owner'] !== undefined && { owner: json['owner'] as string }),
        ...(json['codeId'] !== undefined && { codeId: json['codeId'] as string }),
      };
    case 'cash':
      return { channel, tendered: decodeMoney(json['tendered']) };
    case 'cheque':
      return {
        channel,
        chequeNumber: json['chequeNumber'] as string,
        bank: json['bank'] as string,
        chequeDate: json['chequeDate'] as LocalDate,
      };
    case 'pos':
      return {
        channel,
        terminalId: json['terminalId'] as string,
        approvalCode: json['approvalCode'] as string,
      };
    case 'transfer':
      return { channel };
    case 'operator':
      return { channel, payerToken: json['payerToken'] as string };
    case 'advance':
      return { channel, advanceId: json['advanceId'] as AdvanceId };
    case 'offline':
      return {
        channel,
        hardWalletId: json['hardWalletId'] as string,
        counter: json['counter'] as number,
      };
    case 'suspense':
      return {
        channel,
        ofPayment: json['ofPayment'] as PaymentId,
        organisationId: json['organisationId'] as OrganisationId,
      };
    default:
      return assertNever(channel, 'channel');
  }
}
