import type { Json } from "./hands";
import {
  isMark,
  operationsOf,
  propertiesAfter,
  propertyIn,
  STRANGER,
  type Ownership,
  type PatchOperation,
  type Write,
} from "./ownership";
import type { Deed } from "./stack";

/** What is wrong with a command, by the promise that it breaks. */
export interface Finding {
  readonly promise: (typeof promises)[number];
  readonly what: string;
}

export const promises = [
  "sent and not shown",
  "deleted, overwritten or taken by a non-owner",
  "shown and not done",
  "lost without being named",
  "without a word",
] as const;

const finding = (promise: Finding["promise"], what: string): Finding => ({ promise, what });

/** Judges one command. Notes in `ownership` whose the stamps and claims are that it sent. */
export const judge = (deed: Deed, ownership: Ownership): readonly Finding[] => {
  const findings: Finding[] = [];
  let properties = propertiesIn(deed.before);
  for (const write of deed.sent) {
    findings.push(
      ...notShown(deed, write).map((what) => finding("sent and not shown", what)),
      ...notOwned(deed, write, ownership.ownerOf(properties)).map((what) =>
        finding("deleted, overwritten or taken by a non-owner", what),
      ),
    );
    if (isAccepted(write)) ownership.sent(deed.stack, write);
    properties = propertiesAfter(properties, write);
  }
  return [...findings, ...notDone(deed), ...notNamed(deed), ...wordless(deed)];
};

const propertiesIn = (live: Json | undefined): Json => (live?.["properties"] ?? {}) as Json;

const isAccepted = ({ status }: Write): boolean => status === null || status < 300;

const isCreate = ({ method, path }: Write): boolean => method === "POST" && /\/services$/.test(path);

const isOverwrite = (write: Write): boolean =>
  isCreate(write) && (write.body as Json)["overwrite"] === true;

const nameOf = ({ method, path }: Write): string => `${method} ${path.replace(/^.*\/services/, "services")}`;

/** Which setting a pointer of a patch changes: written by hand from the recorded wire. */
const settings: readonly (readonly [RegExp, string])[] = [
  [/^\/kvTags$/, "tags"],
  [/^\/description$/, "description"],
  [/^\/containerResourceRequirements\/cpu$/, "cpuCores"],
  [/^\/containerResourceRequirements\/memoryInGB$/, "memoryGb"],
  [/^\/numReplicas$/, "numReplicas"],
  [/^\/autoScaler\/autoscaleEnabled$/, "autoscaleEnabled"],
  [/^\/autoScaler\/maxReplicas$/, "autoscaleMaxReplicas"],
  [/^\/scoringTimeoutMs$/, "scoringTimeoutMs"],
  [/^\/environmentImageRequest$/, "models"],
];

const settingOf = ({ path }: PatchOperation): string => {
  const key = propertyIn(path);
  if (key !== undefined) return `properties.${key}`;
  return settings.find(([pattern]) => pattern.test(path))?.[1] ?? `the unknown ${path}`;
};

const names = (lines: readonly string[], path: string): boolean => {
  const [input, key] = path.split(/\.(.*)/s) as [string, string | undefined];
  const has = (word: string, line: string): boolean =>
    new RegExp(`(^|[^\\w-])${word.replaceAll(/[.[\]()]/g, "\\$&")}($|[^\\w-])`).test(line);
  return lines.some((line) => has(input, line) && (key === undefined || has(key, line)));
};

const notShown = (deed: Deed, write: Write): readonly string[] => {
  const { step } = deed.preview;
  const { method } = write;
  const unexpected = [`${nameOf(write)}, and the preview said ${step}`];
  if (method === "DELETE") return step === "delete" || step === "replace" ? [] : unexpected;
  if (isOverwrite(write)) return step === "update" ? changedBy(deed, write) : unexpected;
  if (isCreate(write)) return step === "create" || step === "replace" ? addedBy(deed, write) : unexpected;
  if (method === "PATCH") return patchedBy(deed, write);
  if (/\/regenerateKeys$/.test(write.path))
    return ["update", "create", "replace"].includes(step) && /Key/.test(listed(deed)) ? [] : unexpected;
  return unexpected;
};

const listed = ({ preview }: Deed): string => [...preview.changed, ...preview.lines].join("\n");

const isShown = ({ preview }: Deed, path: string): boolean => {
  const { step, changed, lines, inputs } = preview;
  if (step === "create" || step === "replace") {
    const [input, key] = path.split(/\.(.*)/s) as [string, string | undefined];
    const value = inputs[input];
    const isGiven = key === undefined ? value !== undefined : (value as Json | undefined)?.[key] !== undefined;
    return isGiven || names(lines, path);
  }
  return step === "update" && (changed.includes(path) || names(lines, path));
};

const patchedBy = (deed: Deed, write: Write): readonly string[] =>
  operationsOf(write)
    .filter(({ path }) => !isMark(propertyIn(path) ?? ""))
    .flatMap((operation) => {
      const path = settingOf(operation);
      if (!isShown(deed, path)) return [`PATCH ${path} to ${JSON.stringify(operation.value)}`];
      return path === "tags" ? tagsGone(deed, (operation.value ?? {}) as Json) : [];
    });

/** The whole map is replaced: a live tag that goes is named, at the latest by the command itself. */
const tagsGone = (deed: Deed, tags: Json): readonly string[] => {
  const lines = [...deed.preview.lines, ...deed.lines];
  return Object.keys((deed.before?.["kvTags"] ?? {}) as Json)
    .filter((key) => !(key in tags) && !isShown(deed, `tags.${key}`) && !names(lines, `tags.${key}`))
    .map((key) => `the live tag ${key} goes`);
};

/** What a new service gets that the program did not say. */
const addedBy = (deed: Deed, { body }: Write): readonly string[] => {
  const request = body as Json;
  const paths = [
    ...Object.keys((request["properties"] ?? {}) as Json)
      .filter((key) => !isMark(key))
      .map((key) => `properties.${key}`),
    ...(isSet(request["kvTags"]) ? ["tags"] : []),
    ...(isSet(request["description"]) ? ["description"] : []),
    ...(isSet(cpuIn(request)) ? ["cpuCores"] : []),
  ];
  return paths.filter((path) => !isShown(deed, path)).map((path) => `POST ${path}`);
};

/** A definition that is posted again is the live one but for what was shown. */
const changedBy = (deed: Deed, { body }: Write): readonly string[] => {
  const [live, request] = [deed.before ?? {}, body as Json];
  const differs = (one: unknown, other: unknown): boolean =>
    JSON.stringify(one ?? null) !== JSON.stringify(other ?? null);
  const [had, has] = [propertiesIn(live), (request["properties"] ?? {}) as Json];
  const properties = [...new Set([...Object.keys(had), ...Object.keys(has)])]
    .filter((key) => !isMark(key) && differs(had[key], has[key]))
    .map((key) => `properties.${key}`);
  const paths = [
    ...properties,
    ...(differs(sorted(live["kvTags"]), sorted(request["kvTags"])) ? ["tags"] : []),
    ...(differs(live["description"], request["description"]) ? ["description"] : []),
    ...(differs(cpuIn(live), cpuIn(request)) ? ["cpuCores"] : []),
    ...(differs(live["scoringTimeoutMs"], request["scoringTimeoutMs"]) ? ["scoringTimeoutMs"] : []),
  ];
  return paths.filter((path) => !isShown(deed, path)).map((path) => `POST with overwrite changes ${path}`);
};

const isSet = (value: unknown): boolean => value !== null && value !== undefined;

const cpuIn = (document: Json): unknown =>
  (document["containerResourceRequirements"] as Json | undefined | null)?.["cpu"];

const sorted = (map: unknown): unknown =>
  Object.entries((map ?? {}) as Json).sort(([one], [other]) => (one < other ? -1 : 1));

/** @param owner whose the service is when the request arrives */
const notOwned = (deed: Deed, write: Write, owner: string | undefined): readonly string[] => {
  if (!isAccepted(write)) return [];
  const { stack, recorded, preview, before } = deed;
  const whose = owner === undefined ? "nobody's" : owner === STRANGER ? "a stranger's" : `${owner}'s`;
  const what = `${nameOf(write)} by ${stack}, and the service is ${whose}`;
  const isOthers = owner !== undefined && owner !== stack;
  if (write.method === "DELETE")
    return owner === stack || (owner === undefined && recorded["deleteAdopted"] === true) ? [] : [what];
  if (isCreate(write)) return before !== undefined && isOthers ? [what] : [];
  return isOthers && preview.inputs["adopt"] !== true ? [what] : [];
};

/** What the preview listed, and a success did not bring about. */
const notDone = ({ preview, error, after, command }: Deed): readonly Finding[] => {
  const { step, inputs, changed } = preview;
  if (command !== "up" || error !== undefined || after === undefined) return [];
  if (step !== "update" && step !== "create" && step !== "replace") return [];
  const live: Json = { cpuCores: cpuIn(after), description: after["description"] };
  const isListed = (path: string): boolean => step !== "update" || changed.includes(path);
  const plain = Object.keys(live).filter(
    (name) => isSet(inputs[name]) && isListed(name) && live[name] !== inputs[name],
  );
  const added = Object.entries((inputs["properties"] ?? {}) as Json)
    .filter(([key, value]) => isListed(`properties.${key}`) && propertiesIn(after)[key] !== value)
    .map(([key]) => `properties.${key}`);
  const tags = isSet(inputs["tags"]) && isListed("tags") && !isEqual(after["kvTags"], inputs["tags"]) ? ["tags"] : [];
  return [...plain, ...added, ...tags].map((path) => finding("shown and not done", path));
};

const isEqual = (one: unknown, other: unknown): boolean =>
  JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

/** What a replacement loses of what was last known to be live. */
const notNamed = ({ preview, outputs }: Deed): readonly Finding[] => {
  if (preview.step !== "replace") return [];
  const { inputs, lines } = preview;
  const given = (name: string): Json => (inputs[name] ?? {}) as Json;
  const entries = ["tags", "properties"].flatMap((name) =>
    Object.keys((outputs[name] ?? {}) as Json)
      .filter((key) => !isMark(key) && !(key in given(name)))
      .map((key) => `${name}.${key}`),
  );
  const plain = ["description", "cpuCores"].filter((name) => isSet(outputs[name]) && !isSet(inputs[name]));
  return [...entries, ...plain]
    .filter((path) => !names(lines, path))
    .map((path) => finding("lost without being named", path));
};

/** A refusal says why; what is left behind is spoken of. */
const wordless = ({ command, after, error, lines, preview }: Deed): readonly Finding[] => {
  if (error !== undefined) return error.trim() === "" ? [finding("without a word", "an empty error")] : [];
  const isLeft = command === "destroy" && preview.step === "delete" && after !== undefined;
  return isLeft && lines.length === 0 ? [finding("without a word", "destroy left the service")] : [];
};
