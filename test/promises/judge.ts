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

const isOverwrite = (write: Write): boolean => isCreate(write) && (write.body as Json)["overwrite"] === true;

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
  const unless = (expected: boolean, rest: () => readonly string[] = () => []): readonly string[] =>
    expected ? rest() : [`${nameOf(write)}, and the preview said ${step}`];
  if (write.method === "DELETE") return unless(step === "delete" || step === "replace");
  if (write.method === "PATCH") return patchedBy(deed, write);
  if (isOverwrite(write)) return unless(step === "update", () => changedBy(deed, write));
  const makes = step === "create" || step === "replace";
  if (isCreate(write)) return unless(makes, () => addedBy(deed, write));
  const setsKey = /\/regenerateKeys$/.test(write.path) && /Key/.test(listed(deed));
  return unless(setsKey && (makes || step === "update"));
};

const listed = ({ preview }: Deed): string => [...preview.changed, ...preview.lines].join("\n");

const isShown = ({ preview }: Deed, path: string): boolean => {
  const { step, changed, lines, inputs } = preview;
  if (step === "create" || step === "replace") {
    const [input, key] = path.split(/\.(.*)/s) as [string, string | undefined];
    const value = inputs[input];
    const isGiven =
      key === undefined ? value !== undefined : (value as Json | undefined)?.[key] !== undefined;
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
  const [live, request] = [comparedIn(deed.before ?? {}), comparedIn(body as Json)];
  return [...new Set([...Object.keys(live), ...Object.keys(request)])]
    .filter((path) => !isEqual(live[path], request[path]) && !isShown(deed, path))
    .map((path) => `POST with overwrite changes ${path}`);
};

const comparedIn = (document: Json): Json => ({
  ...{ tags: sorted(document["kvTags"]), description: document["description"] },
  ...{ cpuCores: cpuIn(document), scoringTimeoutMs: document["scoringTimeoutMs"] },
  ...Object.fromEntries(
    Object.entries(propertiesIn(document))
      .filter(([key]) => !isMark(key))
      .map(([key, value]) => [`properties.${key}`, value]),
  ),
});

const isSet = (value: unknown): boolean => value !== null && value !== undefined;

const cpuIn = (document: Json): unknown =>
  (document["containerResourceRequirements"] as Json | undefined | null)?.["cpu"];

const sorted = (map: unknown): unknown =>
  Object.entries((map ?? {}) as Json).sort(([one], [other]) => (one < other ? -1 : 1));

/** @param owner whose the service is when the request arrives */
const notOwned = (deed: Deed, write: Write, owner: string | undefined): readonly string[] => {
  const { stack } = deed;
  if (!isAccepted(write) || owner === stack || mayTake(deed, write, owner)) return [];
  const whose = owner === undefined ? "nobody's" : owner === STRANGER ? "a stranger's" : `${owner}'s`;
  return [`${nameOf(write)} by ${stack}, and the service is ${whose}`];
};

/** What may be done to a service that the program does not own. */
const mayTake = ({ recorded, preview, before }: Deed, write: Write, owner: string | undefined): boolean => {
  if (write.method === "DELETE") return owner === undefined && recorded["deleteAdopted"] === true;
  if (owner === undefined) return true;
  // Only an `adopt` that is new: one that has stood there since takes nothing back.
  const adopts = preview.inputs["adopt"] === true && recorded["adopt"] !== true;
  return isCreate(write) ? before === undefined : adopts;
};

/** What the preview listed, and a success did not bring about. */
const notDone = (deed: Deed): readonly Finding[] => {
  const { preview, error, after, command } = deed;
  const acts = ["update", "create", "replace"].includes(preview.step);
  if (command !== "up" || error !== undefined || after === undefined || !acts) return [];
  return managedIn(preview.inputs, after)
    .filter(([path]) => preview.step !== "update" || preview.changed.includes(path))
    .filter(([, given, live]) => !isEqual(given, live))
    .map(([path]) => finding("shown and not done", path));
};

/** Path, value in the program and live value of what the program manages. */
const managedIn = (inputs: Json, live: Json): readonly (readonly [string, unknown, unknown])[] => {
  const plain = [
    ["cpuCores", inputs["cpuCores"], cpuIn(live)],
    ["description", inputs["description"], live["description"] ?? ""],
    ["tags", inputs["tags"], live["kvTags"]],
  ] as const;
  const properties = Object.entries((inputs["properties"] ?? {}) as Json).map(
    ([key, value]) => [`properties.${key}`, value, propertiesIn(live)[key]] as const,
  );
  return [...plain.filter(([, given]) => isSet(given)), ...properties];
};

const isEqual = (one: unknown, other: unknown): boolean =>
  JSON.stringify(inOrder(one)) === JSON.stringify(inOrder(other));

const inOrder = (value: unknown): unknown =>
  typeof value === "object" && value !== null ? sorted(value) : (value ?? null);

/** What a service has where its creator says nothing: a replacement does not lose it. An empty description is none. */
const DEFAULTS: Json = { description: "", cpuCores: 0.1 };

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
  const plain = Object.entries(DEFAULTS)
    .filter(([name, byItself]) => isSet(outputs[name]) && !isSet(inputs[name]) && outputs[name] !== byItself)
    .map(([name]) => name);
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
