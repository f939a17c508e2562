import { SpreadsheetRefused, type SheetNote } from '#libs/spreadsheet/port/index.js';
import { openingTags, readPart, type Parts } from './parts.js';
import { attribute } from './xml.js';

/** What of a workbook has to be known before its first sheet can be read. */
export interface Workbook {
  /** Part of the first visible worksheet. */
  readonly sheetPart: string;
  readonly sharedStringsPart: string | undefined;
  /** By index of the cell style (`s`): does it show a date? */
  readonly dateStyles: readonly boolean[];
  /** Days are counted from 1904-01-01 instead of 1900. */
  readonly epoch1904: boolean;
  readonly notes: readonly SheetNote[];
}

interface Relation {
  readonly type: string;
  readonly target: string;
}

interface SheetEntry {
  readonly name: string;
  readonly relation: string;
  readonly hidden: boolean;
}

/** @throws SpreadsheetRefused */
export async function readWorkbook(parts: Parts): Promise<Workbook> {
  const root = [...(await relations(parts, '_rels/.rels', '')).values()];
  const part = root.find(({ type }) => type.endsWith('/officeDocument'))?.target ?? 'xl/workbook.xml';
  const folder = part.slice(0, part.lastIndexOf('/') + 1);
  const related = await relations(parts, `${folder}_rels/${part.slice(folder.length)}.rels`, folder);
  const { sheets, epoch1904 } = await readSheetList(parts, part);
  const worksheets = sheets.filter(({ relation }) => related.get(relation)?.type.endsWith('/worksheet'));
  const visible = worksheets.filter(({ hidden }) => !hidden);
  const first = visible[0];
  if (!first) throw new SpreadsheetRefused('SPREADSHEET_EMPTY', 'The workbook has no visible sheet.');
  const partOf = (kind: string) => [...related.values()].find(({ type }) => type.endsWith(kind))?.target;
  const stylesPart = partOf('/styles');
  return {
    sheetPart: related.get(first.relation)!.target,
    sharedStringsPart: partOf('/sharedStrings'),
    dateStyles: stylesPart ? await readDateStyles(parts, stylesPart) : [],
    epoch1904,
    notes: [
      ...note(
        'HIDDEN_SHEETS_IGNORED',
        worksheets.filter(({ hidden }) => hidden),
      ),
      ...note('OTHER_SHEETS_IGNORED', visible.slice(1)),
    ],
  };
}

function note(code: SheetNote['code'], sheets: readonly SheetEntry[]): SheetNote[] {
  return sheets.length === 0
    ? []
    : [
        {
          code,
          names: sheets
            .map(({ name }) => name)
            .join(', ')
            .slice(0, 200),
        },
      ];
}

async function relations(parts: Parts, name: string, folder: string): Promise<ReadonlyMap<string, Relation>> {
  const found = new Map<string, Relation>();
  if (!parts.entries.has(name)) return found;
  const handler = openingTags((element, tag) => {
    const id = attribute(tag, 'Id');
    if (element !== 'Relationship' || id === undefined || attribute(tag, 'TargetMode') === 'External') return;
    found.set(id, {
      type: attribute(tag, 'Type') ?? '',
      target: resolve(folder, attribute(tag, 'Target') ?? ''),
    });
  });
  await readPart(parts, name, handler);
  return found;
}

/** Targets are relative to the folder of the part, or absolute within the package. */
function resolve(folder: string, target: string): string {
  if (target.startsWith('/')) return target.slice(1);
  const path: string[] = [];
  for (const step of `${folder}${target}`.split('/')) {
    if (step === '..') path.pop();
    else if (step !== '.') path.push(step);
  }
  return path.join('/');
}

async function readSheetList(
  parts: Parts,
  name: string,
): Promise<{ sheets: SheetEntry[]; epoch1904: boolean }> {
  const sheets: SheetEntry[] = [];
  let epoch1904 = false;
  const handler = openingTags((element, tag) => {
    if (element === 'workbookPr') epoch1904 = isTrue(attribute(tag, 'date1904'));
    if (element !== 'sheet') return;
    sheets.push({
      name: attribute(tag, 'name') ?? '',
      relation: attribute(tag, 'id') ?? '',
      hidden: /^(?:hidden|veryHidden)$/.test(attribute(tag, 'state') ?? ''),
    });
  });
  await readPart(parts, name, handler);
  return { sheets, epoch1904 };
}

const isTrue = (value: string | undefined): boolean => value === '1' || value === 'true';

/** Ids below 164 are built in and not listed; these show dates or times, the Chinese and Japanese locales included (ECMA-376, 18.8.30). */
function isBuiltInDate(id: number): boolean {
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

/** What remains after quoted text, escapes, padding and `[…]` are taken away shows a date when it holds y, m, d, h or s. */
function isDateFormat(code: string): boolean {
  const bare = code.replaceAll(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '');
  return /[ymdhs]/i.test(bare.split(';')[0]!.replace(/General/i, ''));
}

async function readDateStyles(parts: Parts, name: string): Promise<boolean[]> {
  const custom = new Map<number, boolean>();
  const styles: boolean[] = [];
  let inCellFormats = false;
  const handler = {
    ...openingTags((element, tag) => {
      if (element === 'numFmt')
        custom.set(Number(attribute(tag, 'numFmtId')), isDateFormat(attribute(tag, 'formatCode') ?? ''));
      else if (element === 'cellXfs') inCellFormats = true;
      else if (element === 'xf' && inCellFormats) {
        const id = Number(attribute(tag, 'numFmtId') ?? 0);
        styles.push(custom.get(id) ?? isBuiltInDate(id));
      }
    }),
    close(element: string) {
      if (element === 'cellXfs') inCellFormats = false;
    },
  };
  await readPart(parts, name, handler);
  return styles;
}
