import type { Place, Secret } from "../../scripts/demo/leaks";

/** A planted secret that can be read somewhere. */
export interface Hit {
  readonly canary: string;
  readonly where: string;
  /** How it is written there. */
  readonly form: string;
}

const json = (text: string): string => JSON.stringify(text).slice(1, -1);

/** The part of its base64 that no neighbour changes, after none, one or two other bytes. */
const base64 = (text: string, before: number): string => {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
  return bytes.toString("base64").slice(before === 0 ? 0 : before + 1, Math.floor((bytes.length * 4) / 3));
};

/** Of a secret of several lines each line is one, since a log shows it line by line. */
const partsOf = (value: string): readonly string[] => [
  value,
  ...value.split("\n").filter((line) => line !== value && line.length >= 16 && !line.startsWith("-----")),
];

const formsOf = (text: string): Readonly<Record<string, string>> => ({
  clear: text,
  "JSON-escaped": json(text),
  "JSON-escaped twice": json(json(text)),
  "URL-encoded": encodeURIComponent(text),
  base64: base64(text, 0),
  "base64 after one byte": base64(text, 1),
  "base64 after two bytes": base64(text, 2),
  base64url: Buffer.from(text).toString("base64url"),
});

/** Where planted secrets can be read, in clear, in base64, URL-encoded or JSON-escaped. */
export const findCanaries = (texts: readonly Place[], canaries: readonly Secret[]): readonly Hit[] =>
  canaries.flatMap(({ name, value }) =>
    texts.flatMap(({ where, text }) => {
      const forms = partsOf(value).flatMap((part) => Object.entries(formsOf(part)));
      const found = forms.find(([, form]) => text.includes(form));
      return found ? [{ canary: name, where, form: found[0] }] : [];
    }),
  );
