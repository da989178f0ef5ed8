/** A text between quotes. */
export interface PythonString {
  /** Where its prefix or first quote stands. */
  readonly start: number;
  readonly end: number;
  /** Between the quotes, as it is written. */
  readonly value: string;
}

/** Python source, as far as it must be understood to tell code from comments and texts. */
export interface PythonSource {
  /** The source with comments and the inside of texts as spaces: each offset, and each line, is where it was. */
  readonly code: string;
  readonly strings: readonly PythonString[];
  lineAt(offset: number): number;
}

/** A statement on as many lines as its brackets need. */
export interface Statement {
  readonly start: number;
  readonly code: string;
  readonly strings: readonly PythonString[];
}

const QUOTE = /([bfrtuBFRTU]{0,2})("""|'''|"|')/y;
const IDENTIFIER = /[\p{L}_][\p{L}\p{N}_]*/uy;

export const readPython = (text: string): PythonSource => {
  const code = text.split("");
  const strings: PythonString[] = [];
  scan(text, 0, code, strings);
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return {
    code: code.join(""),
    strings: strings.sort((a, b) => a.start - b.start),
    lineAt: (offset) => starts.findLastIndex((start) => start <= offset) + 1,
  };
};

const blank = (code: string[], from: number, to: number): void => {
  for (let at = from; at < to; at += 1) if (code[at] !== "\n") code[at] = " ";
};

/** Scans code from an offset, to the end of the text or, inside a formatted text, to the brace that closes an expression. */
const scan = (
  text: string,
  from: number,
  code: string[],
  strings: PythonString[],
  inBraces = false,
): number => {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const char = text[at]!;
    QUOTE.lastIndex = at;
    const quote = QUOTE.exec(text);
    if (quote) at = scanString(text, at, quote[1]!, quote[2]!, code, strings);
    else if (char === "#") at = skipComment(text, at, code);
    else if (inBraces && char === "}" && depth === 0) return at;
    else {
      if (char === "{") depth += 1;
      if (char === "}") depth -= 1;
      at += wordAt(text, at);
    }
  }
  return at;
};

/** A name as a whole, since a quote may only follow a prefix that is not the end of a longer name. */
const wordAt = (text: string, at: number): number => {
  IDENTIFIER.lastIndex = at;
  return IDENTIFIER.exec(text)?.[0].length ?? 1;
};

const skipComment = (text: string, at: number, code: string[]): number => {
  const newline = text.indexOf("\n", at);
  const end = newline < 0 ? text.length : newline;
  blank(code, at, end);
  return end;
};

/** @returns the offset behind the closing quote; a text that is never closed ends with its line, or the file */
const scanString = (
  text: string,
  start: number,
  prefix: string,
  quote: string,
  code: string[],
  strings: PythonString[],
): number => {
  const formatted = /f/i.test(prefix);
  const begin = start + prefix.length + quote.length;
  let at = begin;
  let plainFrom = begin;
  while (at < text.length && !text.startsWith(quote, at)) {
    if (quote.length === 1 && text[at] === "\n") break;
    if (text[at] === "\\") at += 2;
    else if (formatted && text.startsWith("{{", at)) at += 2;
    else if (formatted && text[at] === "{") {
      blank(code, plainFrom, at);
      at = Math.min(scan(text, at + 1, code, strings, true) + 1, text.length);
      plainFrom = at;
    } else at += 1;
  }
  const close = Math.min(at, text.length);
  blank(code, plainFrom, close);
  const end = Math.min(close + (text.startsWith(quote, close) ? quote.length : 0), text.length);
  strings.push({ start, end, value: text.slice(begin, close) });
  return Math.max(end, start + 1);
};

/** The statements, each with its texts. */
export const statementsOf = ({ code, strings }: PythonSource): readonly Statement[] => {
  const statements: Statement[] = [];
  let [start, depth, next] = [0, 0, 0];
  for (let at = 0; at <= code.length; at += 1) {
    depth = depthBehind(code[at], depth);
    if (depth > 0 || !mayEnd(code, at) || insideString(strings, next, at)) continue;
    const own: PythonString[] = [];
    while (next < strings.length && strings[next]!.start < at) own.push(strings[next++]!);
    if (code.slice(start, at).trim() !== "")
      statements.push({ start, code: code.slice(start, at), strings: own });
    start = at + 1;
  }
  return statements;
};

const depthBehind = (char: string | undefined, depth: number): number => {
  // A bracket that is never closed ends with the file.
  if (char === undefined) return 0;
  if ("([{".includes(char)) return depth + 1;
  return ")]}".includes(char) ? Math.max(0, depth - 1) : depth;
};

const mayEnd = (code: string, at: number): boolean =>
  at === code.length || code[at] === ";" || (code[at] === "\n" && code[at - 1] !== "\\");

/** A text of several lines is one line of code. */
const insideString = (strings: readonly PythonString[], from: number, at: number): boolean => {
  for (let n = from; n < strings.length && strings[n]!.start < at; n += 1)
    if (strings[n]!.end > at) return true;
  return false;
};

/** The texts and the code of a call's first argument, from behind its bracket. */
export const firstArgument = (
  statement: Statement,
  open: number,
): { readonly code: string; readonly strings: readonly PythonString[] } => {
  let depth = 0;
  let end = open;
  for (; end < statement.code.length; end += 1) {
    const char = statement.code[end]!;
    if (depth === 0 && (char === "," || char === ")")) break;
    if ("([{".includes(char)) depth += 1;
    if (")]}".includes(char)) depth -= 1;
  }
  const [from, to] = [statement.start + open, statement.start + end];
  return {
    code: statement.code.slice(open, end),
    strings: statement.strings.filter((text) => text.start >= from && text.end <= to),
  };
};
