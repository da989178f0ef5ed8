import { firstArgument, readPython, statementsOf, type PythonSource, type Statement } from "./python-source";

/** What of a script works differently in an online endpoint's container. */
export interface ScriptFinding {
  readonly rule: Rule;
  /** Whether it fails there, or only may: then somebody has to look. */
  readonly kind: "breaks" | "look";
  readonly file: string;
  readonly line: number;
  readonly says: string;
  readonly replacement: string;
}

export type Rule =
  | "get-model-path"
  | "azureml-core"
  | "azureml-monitoring"
  | "raw-http"
  | "other-v1-package"
  | "several-models"
  | "relative-path"
  | "v1-path"
  | "entry-script"
  | "v1-requirement";

type Found = Omit<ScriptFinding, "file" | "line"> & { readonly at: number };
type Check = (source: PythonSource, statements: readonly Statement[]) => readonly Found[];

const MODEL_DIR = 'os.environ["AZUREML_MODEL_DIR"]';

/** What is wrong with a Python file. @param several whether the service has, or may have, several models */
export const checkPython = (file: string, text: string, several = true): readonly ScriptFinding[] => {
  const source = readPython(text);
  const statements = statementsOf(source);
  return [imports, modelPaths, ...(several ? [severalModels] : []), relativePaths, v1Paths]
    .flatMap((check: Check) => check(source, statements))
    .map(({ at, ...found }) => ({ ...found, file, line: source.lineAt(at) }))
    .sort((a, b) => a.line - b.line);
};

/** Modules that a statement imports, with the offset of the first letter. */
const modulesOf = ({ code, start, strings }: Statement): readonly (readonly [string, number])[] => {
  const at = start + code.search(/\S/);
  const from = /^\s*from\s+([\w.]+)\s+import\s+\(?([^)]*)/s.exec(code);
  if (from)
    return from[2]!.split(",").map((name) => [`${from[1]!}.${name.trim().split(/\s/)[0]!}`, at] as const);
  const plain = /^\s*import\s+(.+)$/s.exec(code);
  if (plain) return plain[1]!.split(",").map((name) => [name.trim().split(/\s/)[0]!, at] as const);
  return /\b(import_module|__import__)\s*\(/.test(code)
    ? strings.slice(0, 1).map(({ value }) => [value, at] as const)
    : [];
};

const packages: readonly (readonly [RegExp, Omit<Found, "at">])[] = [
  [
    /^azureml\.core\b/,
    {
      rule: "azureml-core",
      kind: "breaks",
      says: "azureml.core belongs to the SDK v1, whose service does not answer in an endpoint's container.",
      replacement: `Take models from ${MODEL_DIR}, and what else the script needs from environment variables or azure-ai-ml.`,
    },
  ],
  [
    /^azureml\.monitoring\b/,
    {
      rule: "azureml-monitoring",
      kind: "breaks",
      says: "azureml.monitoring collects data for web services only.",
      replacement:
        'from azureml.ai.monitoring import Collector: Collector(name="model_inputs").collect(frame) takes pandas frames.',
    },
  ],
  [
    /^azureml\.contrib\.services\b/,
    {
      rule: "raw-http",
      kind: "look",
      says: "Raw HTTP runs unchanged on the inference server, which brings this module.",
      replacement:
        "In the environment replace azureml-contrib-services by azureml-inference-server-http, and score once with each method.",
    },
  ],
  [
    /^azureml\.(?!ai\b|fsspec\b)/,
    {
      rule: "other-v1-package",
      kind: "look",
      says: "This package belongs to the SDK v1.",
      replacement:
        "Keep it only where it works without a workspace; otherwise use what the model was trained with.",
    },
  ],
];

const imports: Check = (_, statements) =>
  statements.flatMap((statement) => {
    const rules = new Map<Rule, Found>();
    for (const [module, at] of modulesOf(statement)) {
      const found = packages.find(([pattern]) => pattern.test(module))?.[1];
      if (found && !rules.has(found.rule)) rules.set(found.rule, { ...found, at });
    }
    return [...rules.values()];
  });

/** `Model.get_model_path(…)`, whatever Model was imported as; not a function of the script's own. */
const modelPaths: Check = ({ code }) => {
  const aliases = [...code.matchAll(/\bModel\s+as\s+(\w+)/g)].map(([, alias]) => alias!);
  const own = /^\s*class\s+Model\b/m.test(code);
  return [...code.matchAll(/(?<![\w.])([\w.]+)\s*\.\s*get_model_path\s*\(/g)]
    .filter(([, owner]) => aliases.includes(owner!) || (!own && /(^|\.)Model$/.test(owner!)))
    .map(({ index }) => ({
      rule: "get-model-path",
      kind: "breaks",
      at: index,
      says: "Model.get_model_path looks in a folder that an endpoint's container does not have.",
      replacement: `os.path.join(${MODEL_DIR}, "<file>")`,
    }));
};

/** Paths with a version in them: with several models a web service has <name>/<version> below the folder. */
const severalModels: Check = (_, statements) => {
  const names = folderNames(statements);
  return statements
    .filter((statement) => namesFolder(statement, names))
    .filter(({ strings }) => hasVersion(strings.map(({ value }) => value)))
    .map(({ start, code }) => ({
      rule: "several-models",
      kind: "look",
      at: start + code.search(/\S/),
      says: "The path has a model's version in it, as a service with several models has it. An endpoint has one model.",
      replacement: `Register one folder that holds <name>/<version>, and put the folder's name behind ${MODEL_DIR}.`,
    }));
};

/** Names that stand for the folder of the models, or for a path below it. */
const folderNames = (statements: readonly Statement[]): readonly string[] => {
  const names: string[] = [];
  for (const statement of statements) {
    const name = /^\s*(?:self\.)?(\w+)\s*(?::[^=]+)?=(?!=)/.exec(statement.code)?.[1];
    if (name !== undefined && namesFolder(statement, names)) names.push(name);
  }
  return names;
};

const namesFolder = ({ code, strings }: Statement, names: readonly string[]): boolean =>
  strings.some(({ value }) => value === "AZUREML_MODEL_DIR") ||
  names.some((name) => new RegExp(`\\b${name}\\b(?!\\s*=[^=])`).test(code));

/** A segment of digits behind one that is a name. */
const hasVersion = (texts: readonly string[]): boolean => {
  const segments = texts
    .filter((text) => text !== "AZUREML_MODEL_DIR")
    .flatMap((text) => text.split("/"))
    .filter((segment) => segment !== "");
  return segments.some((segment, at) => at > 0 && /^\d+$/.test(segment) && /[a-z]/i.test(segments[at - 1]!));
};

const OPENS =
  /(?<![\w.])(?:(?:[\w.]+\.)?(?<!\bhub\.)(?:open|load|load_model|load_weights|load_npz|loadtxt|genfromtxt|InferenceSession|read_(?:csv|json|parquet|pickle|table|excel|feather|hdf))|(?:pathlib\.)?Path)\s*\(/g;

/** Files named from the folder that happens to be the current one. */
const relativePaths: Check = (_, statements) =>
  statements.flatMap((statement) =>
    [...statement.code.matchAll(OPENS)].flatMap((call) => {
      const { code, strings } = firstArgument(statement, call.index + call[0].length);
      const [only, ...others] = strings;
      if (only === undefined || others.length > 0 || !isLone(code, only)) return [];
      const file = only.value;
      if (!isRelative(file) || !(/[./]/.test(file) || /^(?:io\.)?open\s*\($/.test(call[0]))) return [];
      return [
        {
          rule: "relative-path" as const,
          kind: "breaks" as const,
          at: only.start,
          says: `${JSON.stringify(only.value)} is looked for in the current folder, which is another one in an endpoint's container.`,
          replacement: `os.path.join(os.path.dirname(os.path.abspath(__file__)), ${JSON.stringify(only.value)}), or below ${MODEL_DIR} for a model's file.`,
        },
      ];
    }),
  );

/** Whether an argument is nothing but a text; what a formatted one has in its braces is part of it. */
const isLone = (
  code: string,
  text: { readonly start: number; readonly end: number; readonly value: string },
): boolean => {
  const around = code.trim();
  return (
    /^(?:\w+\s*=\s*)?[a-zA-Z]{0,2}["']/.test(around) &&
    around.replace(/^\w+\s*=\s*/, "").length === text.end - text.start
  );
};

const isRelative = (path: string): boolean =>
  path !== "" && !/^(?:[/~\\{]|[a-z]:|[a-z][a-z0-9+.-]*:)/i.test(path) && !/\s{2}|\n/.test(path);

const V1_FOLDERS = /\/var\/azureml-(?:app|server)|(?:^|\/)azureml-models(?:\/|$)|^AML_APP_ROOT$/;

const v1Paths: Check = ({ strings }) =>
  strings
    .filter(({ value }) => value.length < 1000 && V1_FOLDERS.test(value) && !/\n/.test(value))
    .map(({ start, value }) => ({
      rule: "v1-path",
      kind: "breaks",
      at: start,
      says: `${JSON.stringify(value)} names a folder of a web service's container.`,
      replacement: `Models are below ${MODEL_DIR}, the script's files beside __file__.`,
    }));

/** An entry script without the two functions that are called. */
export const checkEntry = (file: string, text: string): readonly ScriptFinding[] => {
  const { code } = readPython(text);
  const missing = ["init", "run"].filter((name) => !defines(code, name));
  if (missing.length === 0 || /^from\s+\S+\s+import\s+\*/m.test(code)) return [];
  return [
    {
      rule: "entry-script",
      kind: "breaks",
      file,
      line: 1,
      says: `The entry script has no ${missing.map((name) => `${name}()`).join(" and no ")}.`,
      replacement:
        "Define init(), called once, and run(data), called for each request; or name the script that has them.",
    },
  ];
};

const defines = (code: string, name: string): boolean =>
  new RegExp(
    `^(?:async\\s+)?def\\s+${name}\\s*\\(|^${name}\\s*=|^from\\s[^\\n]*import\\s[^\\n]*\\b${name}\\b`,
    "m",
  ).test(code);

const requirements: readonly (readonly [RegExp, string])[] = [
  [/^azureml[-_](?:core|sdk)$/, "Leave it out; azureml-inference-server-http serves the script."],
  [/^azureml[-_]monitoring$/, "azureml-ai-monitoring"],
  [/^azureml[-_]contrib[-_]services$/, "azureml-inference-server-http"],
];

/** Packages of the SDK v1 in a requirements file or a conda definition. */
export const checkRequirements = (file: string, text: string): readonly ScriptFinding[] =>
  text.split("\n").flatMap((line, number) => {
    const name = /^[\s"'-]*([A-Za-z][\w-]*)/.exec(line.replace(/(^|\s)#.*$/, ""))?.[1]?.toLowerCase();
    const replacement = requirements.find(([pattern]) => name !== undefined && pattern.test(name))?.[1];
    if (replacement === undefined) return [];
    const says = `${name!} is made for web services.`;
    return [{ rule: "v1-requirement", kind: "look", file, line: number + 1, says, replacement }];
  });
