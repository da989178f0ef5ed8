import { parseArgs } from "node:util";
import { nearest } from "../provider/core/names";
import { CannotRun } from "./cannot-run";

/** One option of a command, as its help shows it. */
export interface Option {
  readonly name: string;
  /** What stands for the value, in the help; a flag has none. */
  readonly value?: string;
  /** May be given more than once. */
  readonly repeated?: true;
  readonly required?: true;
  /** May be given without its name. */
  readonly positional?: true;
  readonly doc: string;
}

/** What a command was given. */
export interface Given {
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  flag(name: string): boolean;
}

/** Options that every command has. */
export const commonOptions: readonly Option[] = [
  { name: "json", doc: "print one JSON document in place of text" },
  { name: "no-color", doc: "no colours, as with NO_COLOR" },
  { name: "help", doc: "this text" },
];

/** Which workspace, and with which credential: of every command that reads one. */
export const workspaceOptions: readonly Option[] = [
  {
    name: "workspace-id",
    value: "ID",
    doc: "the workspace's ARM id (default: the configuration's, then AZUREML_WORKSPACE_ID)",
  },
  {
    name: "config-of",
    value: "STACK",
    doc: "use this stack's configuration (workspace, credential), read by the Pulumi CLI in this folder",
  },
];

/** Reads the arguments of a command. @throws CannotRun BadArguments with the option that was most likely meant */
export const parseCommandLine = (args: readonly string[], options: readonly Option[]): Given => {
  const known = [...options, ...commonOptions];
  const values = new Map<string, string[]>();
  const unnamed: string[] = [];
  for (const token of tokensOf(args, known)) {
    if (token.kind === "positional") unnamed.push(token.value);
    if (token.kind !== "option") continue;
    values.set(token.name, [...(values.get(token.name) ?? []), valueOf(token, known)]);
  }
  const positional = options.find((option) => option.positional && !values.has(option.name));
  if (positional && unnamed[0] !== undefined) values.set(positional.name, [unnamed.shift()!]);
  if (unnamed[0] !== undefined)
    throw badArguments(
      `expected ${positional ? "nothing more" : "options only"}, found ${JSON.stringify(unnamed[0])}`,
    );
  const texts = (name: string): readonly string[] => values.get(name) ?? [];
  const several = known.find(({ name, value, repeated }) => value && !repeated && texts(name).length > 1);
  if (several)
    throw badArguments(
      `--${several.name}: expected one ${several.value}, found ${texts(several.name).join(", ")}`,
    );
  const missing = options.find(({ name, required }) => required && !values.has(name));
  if (missing && !values.has("help"))
    throw badArguments(`--${missing.name} ${missing.value} is required: ${missing.doc}`);
  return { text: (name) => texts(name)[0], texts, flag: (name) => values.has(name) };
};

/** Node.js tells words, options and values apart, and what is wrong with them is ours to say. */
const tokensOf = (args: readonly string[], known: readonly Option[]) =>
  parseArgs({
    args: [...args],
    options: Object.fromEntries(
      known.map(({ name, value }) => [name, { type: value === undefined ? "boolean" : "string" } as const]),
    ),
    strict: false,
    tokens: true,
  }).tokens;

type OptionToken = Extract<ReturnType<typeof tokensOf>[number], { readonly kind: "option" }>;

/** The value that an option was given; "" for a flag. */
const valueOf = ({ rawName, value, inlineValue }: OptionToken, known: readonly Option[]): string => {
  const option = known.find(({ name }) => `--${name}` === rawName);
  if (!option) throw unknownOption(rawName, known);
  if (option.value === undefined) {
    if (value === undefined) return "";
    throw badArguments(`${rawName}: expected no value, found ${JSON.stringify(value)}`);
  }
  const isOption = !inlineValue && /^--?[a-z]/i.test(value ?? "");
  if (value && !isOption) return value;
  throw badArguments(`${rawName}: expected ${option.value}, found ${isOption ? value : "nothing"}`);
};

const unknownOption = (rawName: string, known: readonly Option[]): CannotRun => {
  const meant = nearest(
    rawName.replace(/^-+/, ""),
    known.map(({ name }) => name),
  );
  return badArguments(`unknown option ${rawName}${meant ? `; the nearest is --${meant}` : ""}`);
};

const formats = ["text", "markdown", "json"] as const;

/** How a command prints its report, where it has several forms. */
export const formatOption: Option = {
  name: "format",
  value: "FORMAT",
  doc: `${formats.join(", ")} (default text); --json is --format json`,
};

/** @throws CannotRun BadArguments */
export const formatOf = (given: Given): (typeof formats)[number] => {
  const format = oneOf(formats, "format", given) ?? (given.flag("json") ? "json" : "text");
  if (!given.flag("json") || format === "json") return format;
  throw badArguments(`--json and --format ${format} exclude each other`);
};

/** Whether the arguments ask for JSON, also where they cannot be read: then the error is JSON. */
export const asksForJson = (args: readonly string[]): boolean =>
  args.some((arg, at) => {
    const text = arg === "--format" ? `${arg}=${args[at + 1]}` : arg;
    return text === "--json" || /^--format=json$/i.test(text);
  });

/** An option whose value is one of a few words, in whatever letter case. @throws CannotRun BadArguments */
export const oneOf = <T extends string>(known: readonly T[], name: string, given: Given): T | undefined => {
  const text = given.text(name);
  const one = known.find((value) => value.toLowerCase() === text?.toLowerCase());
  if (text === undefined || one !== undefined) return one;
  throw badArguments(`--${name}: expected ${known.join(", ")}, found ${JSON.stringify(text)}`);
};

/** An option whose value follows a rule. @throws CannotRun BadArguments */
export const nameOption = (
  given: Given,
  option: string,
  rule: { readonly pattern: RegExp; readonly says: string },
): string | undefined => {
  const name = given.text(option);
  if (name === undefined || rule.pattern.test(name)) return name;
  throw badArguments(`--${option}: expected ${rule.says}, found ${JSON.stringify(name)}`);
};

export const badArguments = (text: string): CannotRun =>
  new CannotRun("BadArguments", `${text}. Run again with --help to see the options.`);

const WIDTH = 100;

/** The lines that explain options, in two columns. */
export const optionLines = (options: readonly Option[]): string => {
  const named = options.map(({ name, value, doc }) => [`--${name}${value ? ` ${value}` : ""}`, doc] as const);
  const column = Math.max(...named.map(([name]) => name.length)) + 2;
  return named.map(([name, doc]) => `  ${name.padEnd(column)}${wrapped(doc, column + 2)}\n`).join("");
};

const wrapped = (text: string, indent: number): string => {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1)!;
    if (last !== "" && indent + last.length + word.length >= WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines.join(`\n${" ".repeat(indent)}`);
};
