export { pdfReceipts, type PdfReceiptsOptions } from './pdf-receipts.js';
