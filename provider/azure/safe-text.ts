/** Makes a text safe to show: a person's terminal obeys nothing in it, and no secret can be read in it. */
export type SafeText = (text: string) => string;

/** Shorter secrets are ordinary words: to hide each of their occurrences would make messages unreadable. */
const LEAST_SECRET = 8;

const HIDDEN = "[secret]";

/**
 * Text that others wrote, made safe to show. Cut it only afterwards: of a secret that is cut before, a piece may stay.
 *
 * @param secrets found in clear, in base64, percent-encoded and JSON-escaped, however their lines are broken or indented;
 * also in pieces, since whoever sends a text may have cut it
 */
export const safeText = (secrets: readonly string[]): SafeText => {
  const known = [...new Set(secrets)].filter((secret) => secret.length >= LEAST_SECRET);
  return (text) => {
    const plain = withoutControls(text);
    return withoutSignatures(known.length === 0 ? plain : withoutTraces(plain, known.map(tracesOf)));
  };
};

/** The same for each text within JSON. */
export const safeJson = (value: unknown, safe: SafeText): unknown => {
  if (typeof value === "string") return safe(value);
  if (Array.isArray(value)) return value.map((member) => safeJson(member, safe));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, safeJson(member, safe)]));
};

/**
 * What a terminal would obey: strings for it (titles, links), escape sequences, then single characters: controls but for
 * tab and line feed, marks that turn the direction of text, and characters without width.
 */
const CONTROLS = new RegExp(
  [
    "(?:\\u001b[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])(?:[^\\u0007\\u001b\\u0090\\u0098\\u009c-\\u009f\\n]*(?:\\u0007|\\u001b\\\\|\\u009c))?",
    "(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]?",
    "\\u001b[ -/]*[0-~]?",
    "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060\\u2066-\\u2069\\ufeff]",
  ].join("|"),
  "g",
);

/** Half a character cannot be sent to the engine. */
const whole = (text: string): string => (/[\ud800-\udfff]/.test(text) ? Buffer.from(text).toString() : text);

const withoutControls = (text: string): string => whole(text).replace(CONTROLS, "");

/** Secrets that are known by their looks: signatures of signed addresses, tokens, private keys. */
const SIGNATURES: readonly (readonly [RegExp, string])[] = [
  [/(?:(?<![a-z])|(?<=%[0-9a-f]{2}))sig(=|%(?:25)*3d)[^&\s"'<>\\]+/gi, `sig$1${HIDDEN}`],
  [/\beyJ[\w-]{20,}(?:\.[\w-]+)*/g, HIDDEN],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, HIDDEN],
];

const withoutSignatures = (text: string): string =>
  SIGNATURES.reduce((kept, [pattern, instead]) => kept.replace(pattern, instead), text);

/** By what a known secret is found in a squeezed text. */
interface Traces {
  /** The whole secret, in each form. */
  readonly whole: readonly string[];
  /** Pieces of it, by length. */
  readonly pieces: ReadonlyMap<number, ReadonlySet<string>>;
}

const LEAST_SQUEEZED = 6;
const PIECE = 12;
/** A word of natural language is hardly as long. */
const LONG_WORD = 16;
const BETWEEN_WORDS = /[\s:?&=@.,;"'<>(){}[\]|]+/;

/** Those of a character take some 300 bytes. */
const MOST_KEPT_CHARACTERS = 50_000;
let keptCharacters = 0;
const kept = new Map<string, Traces>();

/** Kept, since each request needs those of the same token, and each line of a service those of its keys. */
const tracesOf = (secret: string): Traces => {
  const known = kept.get(secret);
  if (known) return known;
  if (keptCharacters > MOST_KEPT_CHARACTERS) {
    kept.clear();
    keptCharacters = 0;
  }
  const traces = tracesIn(secret);
  kept.set(secret, traces);
  keptCharacters += secret.length;
  return traces;
};

const tracesIn = (secret: string): Traces => {
  const pieces = new Map<number, Set<string>>();
  const addPieces = (word: string, length: number): void => {
    const ofLength = pieces.get(length) ?? new Set();
    pieces.set(length, ofLength);
    for (let at = 0; at + length <= word.length; at += 1) ofLength.add(word.slice(at, at + length));
  };
  const words = secret.split(BETWEEN_WORDS).map(squeezed).filter(Boolean);
  const encoded = base64Forms(secret);
  for (const word of [...words, ...encoded]) if (word.length >= LONG_WORD) addPieces(word, PIECE);
  const [only] = words;
  if (words.length === 1 && only && only.length >= LEAST_SECRET && only.length < LONG_WORD)
    addPieces(only, Math.max(LEAST_SECRET, Math.ceil((only.length * 2) / 3)));
  const whole = [squeezed(secret), ...encoded];
  return { whole: whole.filter((form) => form.length >= LEAST_SQUEEZED), pieces };
};

/** The secret within base64: it looks different after one or two other bytes. What its neighbours decide is left out. */
const base64Forms = (secret: string): readonly string[] =>
  [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    const characters = Math.floor((bytes.length * 8) / 6);
    return squeezed(bytes.toString("base64").slice(Math.ceil((before * 8) / 6), characters));
  });

/** An escape, an encoded byte, characters that stay as they are, or one that may not. */
const UNIT = /\\+(?:u([0-9a-f]{4})|[nrtbf])?|%(?:25)*([0-9a-f]{2})|[!-$&-*,./0-[\]^`-~]+|[^]/giu;

/**
 * A text without what encodings, line breaks and indentation add to it: escapes are read, percent-encoded bytes too; white
 * space goes, and the characters in which the two alphabets of base64 differ become the same or go.
 */
const squeezed = (text: string): string => {
  let all = "";
  for (const match of text.matchAll(UNIT)) all += squeezedUnit(match);
  return all;
};

/** For each character of the squeezed text where it stood in the text: from, and to before. */
const positionsIn = (text: string): { readonly from: readonly number[]; readonly to: readonly number[] } => {
  const [from, to]: [number[], number[]] = [[], []];
  for (const match of text.matchAll(UNIT)) {
    const unit = squeezedUnit(match);
    const isRun = unit.length === match[0].length;
    for (let at = 0; at < unit.length; at += 1) {
      from.push(match.index + (isRun ? at : 0));
      to.push(match.index + (isRun ? at + 1 : match[0].length));
    }
  }
  return { from, to };
};

const squeezedUnit = ([unit, escaped, encoded]: RegExpExecArray): string => {
  // Percent-encoding is by bytes, so that all is.
  if (encoded) return squeezedByte(String.fromCharCode(parseInt(encoded, 16)));
  if (escaped) return squeezedByte(utf8(String.fromCharCode(parseInt(escaped, 16))));
  if (unit.startsWith("\\") || INVISIBLE.test(unit)) return "";
  return squeezedByte(utf8(unit));
};

const INVISIBLE = /^[\s\u00ad\u200c\u200d]$/;

const utf8 = (character: string): string =>
  character > "\u007f" ? Buffer.from(character, "utf8").toString("latin1") : character;

const squeezedByte = (byte: string): string => (/^[ \t-\r+-]$/.test(byte) ? "" : byte === "_" ? "/" : byte);

const withoutTraces = (text: string, known: readonly Traces[]): string => {
  const looked = squeezed(text);
  const found = known.flatMap((traces) => [...wholeIn(looked, traces), ...piecesIn(looked, traces)]);
  if (found.length === 0) return text;
  const { from, to } = positionsIn(text);
  let shown = "";
  let at = 0;
  for (const [start, end] of merged(found.sort(([a], [b]) => a - b))) {
    shown += text.slice(at, from[start]) + HIDDEN;
    at = to[end - 1]!;
  }
  return shown + text.slice(at);
};

type Span = readonly [start: number, end: number];

function* wholeIn(text: string, { whole }: Traces): Generator<Span> {
  for (const form of whole)
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length))
      yield [at, at + form.length];
}

function* piecesIn(text: string, { pieces }: Traces): Generator<Span> {
  for (const [length, ofLength] of pieces)
    for (let at = 0; at + length <= text.length; at += 1)
      if (ofLength.has(text.slice(at, at + length))) yield [at, at + length];
}

const merged = (sorted: readonly Span[]): readonly Span[] => {
  const all: [number, number][] = [];
  for (const [start, end] of sorted) {
    const last = all.at(-1);
    // Overlapping pieces are of one secret; two secrets side by side are shown as two.
    if (last && start < last[1]) last[1] = Math.max(last[1], end);
    else all.push([start, end]);
  }
  return all;
};
