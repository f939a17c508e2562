/** An operating institution that keeps wallets. */
export interface OperatingInstitution {
  readonly id: string;
  readonly nameZh: string;
  readonly nameEn: string;
}

/** Of the demo; none of them exists. */
export const OPERATING_INSTITUTIONS: readonly OperatingInstitution[] = [
  { id: 'demo-bank-1', nameZh: '示范第一银行', nameEn: 'First Demo Bank' },
  { id: 'demo-bank-2', nameZh: '示范第二银行', nameEn: 'Second Demo Bank' },
  { id: 'demo-bank-3', nameZh: '示范农村银行', nameEn: 'Demo Rural Bank' },
  { id: 'demo-bank-4', nameZh: '示范网上银行', nameEn: 'Demo Online Bank' },
];
