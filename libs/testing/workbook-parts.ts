import { crc32, deflateRawSync } from 'node:zlib';

/** One entry of a zip archive made by hand; the overrides write lies into its headers. */
export interface ZipPart {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly stored?: boolean;
  /** Inflated size as both headers state it. */
  readonly statedBytes?: number;
  /** Name in the local header, when it differs from the directory's. */
  readonly localName?: string;
  readonly crc?: number;
  /** Points at the data of an earlier entry instead of its own. */
  readonly sharesDataOf?: number;
  readonly flags?: number;
}

/** A zip archive, for specs of readers: what it says need not be true. */
export function zipOf(parts: readonly ZipPart[]): Buffer {
  const chunks: Buffer[] = [];
  const directory: Buffer[] = [];
  const offsets: number[] = [];
  let offset = 0;
  for (const part of parts) {
    const data = Buffer.from(part.content as string);
    const body = part.stored ? data : deflateRawSync(data);
    const header = headerOf(part, data, body);
    const name = Buffer.from(part.localName ?? part.name);
    const local = Buffer.concat([u32(0x04034b50), header, u16(name.length), u16(0), name]);
    const shared = part.sharesDataOf === undefined ? undefined : offsets[part.sharesDataOf];
    offsets.push(shared ?? offset);
    const full = Buffer.from(part.name);
    directory.push(
      Buffer.concat([
        u32(0x02014b50),
        u16(20),
        header,
        u16(full.length),
        u16(0),
        u16(0),
        u16(0),
        u16(0),
        u32(0),
        u32(shared ?? offset),
        full,
      ]),
    );
    if (shared === undefined) {
      chunks.push(local, body);
      offset += local.length + body.length;
    }
  }
  const central = Buffer.concat(directory);
  const end = Buffer.concat([
    u32(0x06054b50),
    u16(0),
    u16(0),
    u16(parts.length),
    u16(parts.length),
    u32(central.length),
    u32(offset),
    u16(0),
  ]);
  return Buffer.concat([...chunks, central, end]);
}

/** Version needed … inflated size: the stretch that both headers share. */
function headerOf(part: ZipPart, data: Buffer, body: Buffer): Buffer {
  const { flags = 0, stored = false, crc = crc32(data), statedBytes = data.length } = part;
  return Buffer.concat([
    u16(20),
    u16(flags),
    u16(stored ? 0 : 8),
    u16(0),
    u16(0),
    u32(crc),
    u32(body.length),
    u32(statedBytes),
  ]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

export interface WorkbookParts {
  /** What stands inside `<sheetData>`. */
  readonly rows?: string;
  /** Behind `</sheetData>`. */
  readonly afterRows?: string;
  /** `<si>` elements. */
  readonly strings?: string;
  /** Number formats of the cell styles 0, 1, 2 …: ids below 164 are built in; a text defines one. */
  readonly formats?: readonly (number | string)[];
  readonly date1904?: boolean;
  /** `<sheet>` elements beside the first. */
  readonly moreSheets?: string;
  readonly firstSheetState?: string;
  /** Replaces or adds parts by name. */
  readonly parts?: Readonly<Record<string, string>>;
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** The parts of a small workbook as spreadsheet programs write them. */
export function workbookParts(given: WorkbookParts = {}): ZipPart[] {
  const { rows = '', afterRows = '', strings = '', formats = [0], firstSheetState } = given;
  const state = firstSheetState ? ` state="${firstSheetState}"` : '';
  const codes = formats.map((format, index) => ({
    id: typeof format === 'number' ? format : 164 + index,
    format,
  }));
  const custom = codes.filter(({ format }) => typeof format === 'string');
  const parts: Record<string, string> = {
    '[Content_Types].xml': `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    '_rels/.rels': `${HEAD}<Relationships><Relationship Id="r1" Type="${REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/_rels/workbook.xml.rels': `${HEAD}<Relationships>
      <Relationship Id="s1" Type="${REL}/worksheet" Target="worksheets/sheet1.xml"/>
      <Relationship Id="s2" Type="${REL}/worksheet" Target="/xl/worksheets/sheet2.xml"/>
      <Relationship Id="ss" Type="${REL}/sharedStrings" Target="sharedStrings.xml"/>
      <Relationship Id="st" Type="${REL}/styles" Target="styles.xml"/></Relationships>`,
    'xl/workbook.xml': `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${REL}"><workbookPr${given.date1904 ? ' date1904="1"' : ''}/>
      <sheets><sheet name="名册" sheetId="1"${state} r:id="s1"/>${given.moreSheets ?? ''}</sheets></workbook>`,
    'xl/styles.xml': `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="${custom.length}">${custom
      .map(
        ({ id, format }) =>
          `<numFmt numFmtId="${id}" formatCode="${String(format).replaceAll('"', '&quot;')}"/>`,
      )
      .join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${codes
      .map(({ id }) => `<xf numFmtId="${id}"/>`)
      .join('')}</cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `${HEAD}<sst xmlns="${MAIN}">${strings}</sst>`,
    'xl/worksheets/sheet1.xml': `${HEAD}<worksheet xmlns="${MAIN}"><dimension ref="A1"/><sheetData>${rows}</sheetData>${afterRows}</worksheet>`,
    'xl/worksheets/sheet2.xml': `${HEAD}<worksheet xmlns="${MAIN}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>second</t></is></c></row></sheetData></worksheet>`,
    ...given.parts,
  };
  return Object.entries(parts).map(([name, content]) => ({ name, content }));
}

export function workbookOf(given: WorkbookParts = {}): Buffer {
  return zipOf(workbookParts(given));
}
