/** Line lengths that Prettier keeps to by default; what is written here is what it would write. */
const WIDTH = 80;

/**
 * What could end a line of code, turn its direction or hide in it, beside what JSON escapes: a tag must not be able to make
 * a program look like another one.
 */
const UNSEEN = new RegExp(
  [
    "[\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb]",
    "\\p{Surrogate}",
    "[\\u{e0000}-\\u{e007f}]",
  ].join("|"),
  "gu",
);

const escaped = (text: string): string =>
  text.replace(UNSEEN, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
      .join(""),
  );

/** A text as TypeScript and JSON read it, in the quotes that need fewer escapes. */
export const textLiteral = (text: string, quotes: "fewest" | "double" = "fewest"): string => {
  const inDouble = escaped(JSON.stringify(text));
  const count = (character: string): number => text.split(character).length - 1;
  if (quotes === "double" || count('"') <= count("'")) return inDouble;
  const inner = inDouble.slice(1, -1).replace(/\\\\|\\"|'/g, (found) => {
    if (found === "'") return "\\'";
    return found === '\\"' ? '"' : found;
  });
  return `'${inner}'`;
};

/** A text within a comment, which it must not be able to end, turn or hide. */
export const commentText = (text: string): string =>
  textLiteral(text.replace(/\s+/g, " "), "double")
    .slice(1, -1)
    .replace(/\\(["\\])/g, "$1");

/** Prettier takes the quotes off a key that is an identifier of ECMAScript 5, which knows no letters beyond U+FFFF. */
const IDENTIFIER = /^[\p{L}\p{Nl}_$][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}_$]*$/u;
const isIdentifier = (key: string): boolean => IDENTIFIER.test(key) && !/[\u{10000}-\u{10ffff}]/u.test(key);

const keyOf = (key: string, json: boolean): string => {
  if (json) return textLiteral(key, "double");
  // Written as a plain key, this one sets the object's prototype.
  if (key === "__proto__") return '["__proto__"]';
  return isIdentifier(key) ? key : textLiteral(key);
};

/** A number as Prettier writes it. */
const numberLiteral = (value: number): string => String(value).replace("e+", "e");

export interface Layout {
  /** Spaces before the line that it begins on. */
  readonly indent: number;
  /** What stands before it on that line, beside the indentation; a comma follows. */
  readonly before: number;
  readonly json?: boolean;
}

/** JSON as TypeScript (or JSON) text, formatted. */
export const literal = (value: unknown, layout: Layout): string => {
  const { json = false } = layout;
  if (typeof value === "string") return textLiteral(value, json ? "double" : "fewest");
  if (typeof value === "number") return numberLiteral(value);
  if (Array.isArray(value)) return listLiteral(value, layout);
  if (typeof value !== "object" || value === null) return String(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const lines = members.map(([key, member]) => memberLiteral(key, member, layout));
  return inBraces("{}", lines, layout);
};

/** `key: value`, on a line of its own within an object. */
export const memberLiteral = (key: string, value: unknown, { indent, json = false }: Layout): string => {
  const name = keyOf(key, json);
  const text = literal(value, { indent: indent + 2, before: name.length + 2, json });
  const isLong = indent + 2 + name.length + 2 + text.length + 1 > WIDTH;
  // Below a short key nothing would be won.
  return isLong && !json && typeof value === "string" && name.length > 4
    ? `${name}:\n${" ".repeat(indent + 4)}${text}`
    : `${name}: ${text}`;
};

const listLiteral = (list: readonly unknown[], { indent, before, json = false }: Layout): string => {
  const members = list.map((member) => literal(member, { indent: indent + 2, before: 0, json }));
  const oneLine = `[${members.join(", ")}]`;
  const isFlat = list.every((member) => typeof member !== "object" || member === null);
  if (isFlat && indent + before + oneLine.length + 1 <= WIDTH) return oneLine;
  return inBraces("[]", members, { indent, before, json });
};

const inBraces = ([open, close]: string, lines: readonly string[], { indent, json }: Layout): string => {
  if (lines.length === 0) return `${open}${close}`;
  const pad = " ".repeat(indent + 2);
  const separated = lines.map((line, at) => `${pad}${line}${json && at === lines.length - 1 ? "" : ","}\n`);
  return `${open}\n${separated.join("")}${" ".repeat(indent)}${close}`;
};

/** A document of JSON, formatted. */
export const jsonText = (value: unknown): string =>
  `${literal(value, { indent: 0, before: 0, json: true })}\n`;

/** Names that TypeScript keeps for itself, in modules and strict code, and those that a written file uses. */
const TAKEN = new Set(
  (
    "abstract any arguments as async await boolean break case catch class const constructor continue debugger declare default " +
    "delete do else enum eval export extends false finally for from function get if implements import in infer instanceof " +
    "interface is keyof let module namespace never new null number object of package private protected public readonly require " +
    "return set static string super switch symbol this throw true try type typeof undefined unique unknown var void while with " +
    "yield exports global globalThis process azureml pulumi NaN Infinity"
  ).split(" "),
);

/** An identifier of its own for each name; the same for the same names. */
export const identifiers = (names: readonly string[]): ReadonlyMap<string, string> => {
  const taken = new Set(TAKEN);
  return new Map(
    [...names].sort(byText).map((name) => {
      const camel = name.replace(/[^A-Za-z0-9]+([A-Za-z0-9])?/g, (_, next: string = "") =>
        next.toUpperCase(),
      );
      const base = /^[A-Za-z]/.test(camel) ? camel : `service${camel}`;
      let identifier = TAKEN.has(base) ? `${base}Service` : base;
      for (let next = 2; taken.has(identifier); next += 1) identifier = `${base}${next}`;
      taken.add(identifier);
      return [name, identifier] as const;
    }),
  );
};

/** By code units: no machine's language plays a part. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
