/**
 * Prepares a text for the search of card numbers, and finds the groups of letters and digits in it. Every
 * step is linear in the length of the text. No expression uses lookbehind, because Safari before 16.4 cannot
 * load a script that contains one.
 */

/**
 * Characters that are not shown: control characters, marks of writing direction, joiners, soft hyphens,
 * variation selectors and keycaps.
 */
const INVISIBLE =
  // eslint-disable-next-line no-control-regex -- it removes control characters
  /[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u115f\u1160\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\u034f|\u20e3|[\u17b4\u17b5]|[\u180b-\u180e]|[\ufe00-\ufe0f]/g;

/** The separators between the fields of a barcode (ISO/IEC 646: FS, GS, RS, US), and next line. */
// eslint-disable-next-line no-control-regex -- it replaces control characters
const SEPARATORS = /[\x1c-\x1f\x85]/g;

const FULL_WIDTH = /[\uff01-\uff5e]/g;
const ESCAPES = /(?:%[0-9a-f]{2})+/gi;
/** Links nest: a parameter of a parameter is encoded three times. */
const MAX_DECODINGS = 3;

/** AIM symbology identifier (ISO/IEC 15424): `]`, a letter, and a digit or letter before the data. */
const SCANNER_PREFIX = /^\s*\][a-z][0-9a-z]/i;

function decodeEscapes(escapes: string): string {
  try {
    return decodeURIComponent(escapes);
  } catch {
    return escapes;
  }
}

function decodeText(text: string): string {
  let decoded = text;
  for (let round = 0; round < MAX_DECODINGS && decoded.includes('%'); round += 1) {
    decoded = decoded.replace(ESCAPES, decodeEscapes);
  }
  return decoded;
}

function toHalfWidth(text: string): string {
  return text.replace(FULL_WIDTH, (character) =>
    String.fromCharCode(character.charCodeAt(0) - 0xfee0),
  );
}

function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, '').replace(SEPARATORS, ' ');
}

/** The text in half width, decoded, without invisible characters and without a scanner's prefix. */
export function plainText(input: string): string {
  const decoded = decodeText(toHalfWidth(withoutInvisible(input)));
  return toHalfWidth(withoutInvisible(decoded)).replace(SCANNER_PREFIX, '');
}

/** Whether a text has named values: a link, part of one, or JSON. */
export function isStructured(text: string): boolean {
  return /:\/\/|[?&][\w-]{1,32}=|^\s*[{[]/.test(text);
}

/** Letters and digits without a separator. */
const GROUP = /[0-9A-Za-z]+/g;

/** Consecutive groups that may form one number, in upper case. */
export interface NumberRun {
  groups: string[];
  /** The text before it, since the last run. */
  before: string;
  /** Whether a `+` precedes it: an international phone number. */
  isInternational: boolean;
}

/** Hexadecimal, so that it can be part of a number. */
const NUMBER_PART = /^[0-9A-F]+$/;
/** Labels that are written before a number without a separator. */
const GLUED_LABEL = /^(ICCID|CCID|CARD|SIM|SN|NO|N)([0-9A-F]{6,})$/;
/** Spaces, and dashes, dots and underscores of all kinds: written between the parts of a number. */
const FILLERS =
  /^[\s+\-_.\u00b7\u02d7\u2010-\u2015\u2022\u2043\u2212\u2500\u2800\u2e3a\u2e3b\u30fb\u30fc\ufe58\ufe63]+$/;
const PLUS = /\+[\s(]*$/;

/** Finds the runs of a plain text, and the text after the last one. */
export function findRuns(text: string): { runs: NumberRun[]; after: string } {
  const runs: NumberRun[] = [];
  let run: NumberRun | undefined;
  let runEnd = 0;
  let groupEnd = 0;
  for (const { 0: written, index } of text.matchAll(GROUP)) {
    const between = text.slice(groupEnd, index);
    groupEnd = index + written.length;
    const upper = written.toUpperCase();
    const [, label = '', part = upper] = GLUED_LABEL.exec(upper) ?? [];
    if (!NUMBER_PART.test(part)) {
      run = undefined;
      continue;
    }
    if (run && label === '' && FILLERS.test(between)) run.groups.push(part);
    else {
      const before = `${text.slice(runEnd, index)}${label}`;
      run = { groups: [part], before, isInternational: PLUS.test(between) };
      runs.push(run);
    }
    runEnd = groupEnd;
  }
  return { runs, after: text.slice(runEnd) };
}
