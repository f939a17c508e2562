import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** Noto Sans SC Regular (SIL Open Font License 1.1), 10 MB; a receipt embeds only the glyphs it uses, some 20 KB. */
export async function readReceiptFont(): Promise<Uint8Array> {
  const file = createRequire(import.meta.url).resolve(
    '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
  );
  return readFile(file);
}
