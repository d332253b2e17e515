/** The columns with text that a shop chooses; they stand beside each other (账单字段说明). */
const FREE_TEXT_COLUMNS = ['商品名称', '商户数据包'];
/** The first column of the summary, which follows the last row. */
const SUMMARY_HEADER = '总交易单数,';
/** Every value starts with a backtick. */
const SEPARATOR = ',`';
const TIME_COLUMN = '交易时间';
const TIME_AT_START = /^`\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2},/;

interface BillRow {
  /** Its values, one for each column; undefined if the row is damaged. */
  cells: string[] | undefined;
  /** What stands on the left of the texts that shops choose, as it is in the file. */
  start: string;
}

/**
 * Splits a bill into rows and values. The file is no CSV: nothing is quoted, and goods names of other shops
 * hold commas, quotes and line breaks. So a row ends where the next one starts, and a name between the columns
 * on its left and those on its right.
 * @returns undefined without a header, or if rows are not followed by a summary
 */
export function splitBillRows(csv: string): { names: string[]; rows: BillRow[] } | undefined {
  const [header = '', ...lines] = csv.replace(/^\uFEFF/, '').split(/\r?\n/);
  const names = header.split(',');
  if (names.length < 2) return undefined;
  // A name can hold anything, so only the last one is the summary.
  const end = lines.findLastIndex((line) => line.startsWith(SUMMARY_HEADER));
  if (end === -1) return lines.every((line) => line === '') ? { names, rows: [] } : undefined;
  const rows = joinLines(lines.slice(0, end), names);
  const firstText = names.findIndex(isFreeText);
  return {
    names,
    rows: rows.map((text) => ({
      cells: toCells(text, names),
      start: text.split(',').slice(0, firstText).join(','),
    })),
  };
}

function isFreeText(name: string): boolean {
  return FREE_TEXT_COLUMNS.includes(name);
}

/** The lines of each row, joined: a name with a line break continues a row on the next line. */
function joinLines(lines: readonly string[], names: readonly string[]): string[] {
  const rows: string[] = [];
  let values = 0;
  for (const line of lines) {
    const last = rows.length - 1;
    if (last < 0 || startsRow(line, names, values)) {
      rows.push(line);
      values = countValues(line);
    } else {
      rows[last] = `${rows[last] ?? ''}\n${line}`;
      values += countValues(line) - 1;
    }
  }
  return rows;
}

/**
 * A line that has all values up to the texts, after a complete row, is a row of its own even if its time is
 * damaged: as a part of the row before it, it would replace the amounts of that row.
 * @param values how many values the row before has so far
 */
function startsRow(line: string, names: readonly string[], values: number): boolean {
  if (names[0] === TIME_COLUMN && TIME_AT_START.test(line)) return true;
  const firstText = names.findIndex(isFreeText);
  const enough = firstText === -1 ? names.length : firstText + 1;
  return values >= names.length && countValues(line) >= enough;
}

function countValues(text: string): number {
  return text.split(SEPARATOR).length;
}

function toCells(text: string, names: readonly string[]): string[] | undefined {
  if (!text.startsWith('`')) return undefined;
  const values = text.slice(1).split(SEPARATOR);
  const surplus = values.length - names.length;
  if (surplus === 0) return values;
  const firstText = names.findIndex(isFreeText);
  const textColumns = names.filter(isFreeText).length;
  if (surplus < 0 || firstText === -1) return undefined;
  // A name holds what separates values, so it is unknown where it ends within the free text.
  const [left, right] = [firstText, firstText + textColumns + surplus];
  const freeText = [
    values.slice(left, right).join(SEPARATOR),
    ...names.slice(1, textColumns).fill(''),
  ];
  return [...values.slice(0, left), ...freeText, ...values.slice(right)];
}
