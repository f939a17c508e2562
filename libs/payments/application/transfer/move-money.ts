import { hash } from 'node:crypto';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { asId, assertIdempotencyKey, isUuid } from '#libs/kernel/ids/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { transferAggregate } from '../../codec/index.js';
import type { TopUpFromBank, TransferRejectionCode, TransferView } from '../../contract/index.js';
import type { TransferRequest } from '../../domain/transfer/index.js';
import { noSuchWallet, ownWallet } from '../wallets/own-wallet.js';
import type { TransferProcess } from './transfer-process.js';
import { progressOf, refusalOf, transferViewOf } from './transfer-view.js';

type MoveOutcome = Outcome<TransferView, Rejection<TransferRejectionCode>>;

const ACCOUNT_TOKEN = /^[A-Za-z0-9._-]{1,80}$/;
/** As long as card numbers are: a token of nothing but digits may be one. */
const LIKE_A_NUMBER = /^\d{12,19}$/;

/**
 * Money between the caller's wallet and bank account. Stored before anything moves; the request takes the steps itself and answers
 * when the transfer has ended or the institution has the next word.
 */
export async function moveMoney(
  process: TransferProcess,
  context: RequestContext,
  kind: TransferRequest['kind'],
  input: TopUpFromBank['input'],
): Promise<MoveOutcome> {
  const { tenant, accountId, roles } = context.caller;
  if (!roles.includes('payer')) return refused('FORBIDDEN', 'Only a payer has wallets.');
  assertIdempotencyKey(input.idempotencyKey);
  const { walletId, amount, idempotencyKey } = input;
  const bankAccount = readToken(input.bankAccount);
  if (!isUuid(walletId)) return noSuchWallet();
  const { store, runtime } = process.parts;
  const wallet = await ownWallet(store, context.caller, walletId);
  if (!wallet) return noSuchWallet();
  if (amount.amount <= 0n || amount.asset !== wallet.asset) {
    return refused('INVALID_AMOUNT', 'A transfer is above zero and in the currency of the wallet.');
  }
  const transferId = asId<'transfer'>(
    deriveUuid(UUID_NAMESPACES.entity, 'transfer', tenant, accountId, kind, idempotencyKey),
  );
  const said = [walletId, amount.asset, String(amount.amount), bankAccount].join('\n');
  const inputHash = hash('sha256', said, 'hex');
  const at = runtime.clock.now();
  const request: TransferRequest = {
    transferId,
    tenant,
    account: accountId,
    inputHash,
    amount,
    kind,
    walletId,
    bankAccount,
    requestedAt: at,
  };
  const commandId = deriveUuid(UUID_NAMESPACES.command, transferId, 'request', inputHash);
  const command = { kind: 'request', request } as const;
  const asked = await store.run(
    transferAggregate,
    transferId,
    command,
    commandContext(context, commandId, at),
  );
  if (!asked.accepted) return refused('IDEMPOTENCY_CONFLICT', asked.rejection.message);
  if (asked.state.status === 'absent') throw new Error('A requested transfer is not in the log.');
  const mover = { actor: accountId, correlationId: context.correlationId };
  const transfer = await process.finish(asked.state, mover);
  if (progressOf(transfer) === 'FAILED') return { accepted: false, rejection: refusalOf(transfer.failure!) };
  return { accepted: true, value: transferViewOf(transfer, accountId) };
}

function readToken(text: string): string {
  if (ACCOUNT_TOKEN.test(text) && !LIKE_A_NUMBER.test(text)) return text;
  const message = 'A bank account is named by the institution’s token, never by its number.';
  throw new InvalidInputError('INVALID_BANK_ACCOUNT', message, ['input', 'bankAccount']);
}

function refused(code: TransferRejectionCode, message: string): MoveOutcome {
  return { accepted: false, rejection: { code, message } };
}
