import { pathOf, refusal, type Refusal } from "../check-failure";
import { isContent } from "../content";
import { isObject, isUnknown, isSet } from "../values";

/** One rule: where, what must be, whether a known value is so, and what to do about another. */
interface Part {
  readonly says: string;
  readonly holds: (value: unknown) => boolean;
  readonly next: string;
  readonly secret?: true;
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

const isInside = (path: string): boolean =>
  !/^([/\\]|[A-Za-z]:)/.test(path) &&
  !path.includes("\\") &&
  path.split("/").every((piece) => piece !== "" && piece !== "." && piece !== "..");

/** Whether a value can be the path of an entry script at all. */
export const isEntryScript = (value: unknown): boolean =>
  isText(value) && isInside(value) && value.endsWith(".py");

const isTextMap = (value: unknown): boolean =>
  isObject(value) && Object.values(value).every((entry) => typeof entry === "string" || isUnknown(entry));

const text = (what: string, next: string): Part => ({ says: what, holds: isText, next });

const RESERVED = ["AZUREML_ENTRY_SCRIPT", "AZUREML_SOURCE_DIRECTORY"];

const configParts: Readonly<Record<string, Part>> = {
  entryScript: {
    says: "the path of a Python file within source, such as score.py",
    holds: isEntryScript,
    next: "Write it relative to the top of source, with slashes.",
  },
  source: {
    says: "an asset or archive with the entry script and what it imports",
    holds: isContent,
    next: 'Write new pulumi.asset.FileArchive("./src"), or FileAsset for one script.',
  },
  environment: {
    says: 'a registered environment as "name:version", or a definition',
    holds: (value) => isObject(value) || (isText(value) && /^[^\s:/]+:[^\s:/]+$/.test(value)),
    next: 'Write "my-env:3", or { baseImage: "…", condaDependencies: { … } }.',
  },
};

const environmentParts: Readonly<Record<string, Part>> = {
  name: {
    says: "1 to 255 letters, digits, hyphens, dots and underscores",
    holds: (value) => isText(value) && /^[A-Za-z0-9][\w.-]{0,254}$/.test(value),
    next: "Leave it out to get one made from the service's name.",
  },
  condaDependencies: {
    says: "a conda environment as an object",
    holds: isObject,
    next: 'Write { channels: ["conda-forge"], dependencies: ["python=3.10", { pip: ["azureml-defaults"] }] }.',
  },
  userManagedDependencies: {
    says: "true or false",
    holds: (value) => typeof value === "boolean",
    next: "Leave it out: it is true where condaDependencies are left out.",
  },
  baseImage: text("the name of a container image", 'Write "registry.example.com/image:tag".'),
  baseDockerfile: text("the text of a Dockerfile", "Read the file into it with node:fs."),
  baseImageRegistry: {
    says: "a container registry",
    holds: isObject,
    next: 'Write { address: "registry.example.com", username: "…", password: … }.',
  },
  environmentVariables: {
    says: "a map of text to text",
    holds: isTextMap,
    next: 'Write { KEY: "value" }; numbers and flags in quotes.',
  },
  inferencingStackVersion: text("text", "Leave it out unless the image needs it."),
};

const registryParts: Readonly<Record<string, Part>> = {
  address: text("the registry's host name", "Set address."),
  username: text("text", "Write it in quotes."),
  password: {
    ...text("text", "Give it as a secret: pulumi.secret(…) or config.requireSecret(…)."),
    secret: true,
  },
};

/** Everything wrong with an inference configuration but its files; an unknown part is never wrong. */
export const configRefusals = (input: string, value: unknown, secret: boolean): readonly Refusal[] => {
  if (isUnknown(value)) return [];
  if (!isObject(value))
    return [
      refusal("WrongType", input, "{ entryScript, source, environment }", value, "Write an object.", secret),
    ];
  return [
    ...partRefusals(input, value, configParts, secret),
    ...missing(input, value, ["entryScript", "source"]),
    ...environmentRefusals(pathOf(input, "environment"), value["environment"], secret),
  ];
};

const partRefusals = (
  path: string,
  value: Record<string, unknown>,
  parts: Readonly<Record<string, Part>>,
  secret: boolean,
): readonly Refusal[] =>
  Object.entries(value).flatMap(([key, entry]) => {
    const part = Object.hasOwn(parts, key) ? parts[key] : undefined;
    const names = Object.keys(parts).join(", ");
    if (!part)
      return [
        refusal(
          "UnknownSetting",
          pathOf(path, key),
          `one of ${names}`,
          undefined,
          "Correct the name.",
          secret,
        ),
      ];
    if (!isSet(entry) || isUnknown(entry) || part.holds(entry)) return [];
    const hidden = secret || part.secret === true;
    return [refusal("BadFormat", pathOf(path, key), part.says, entry, part.next, hidden)];
  });

const missing = (
  path: string,
  value: Record<string, unknown>,
  names: readonly string[],
): readonly Refusal[] =>
  names
    .filter((name) => !isSet(value[name]))
    .map((name) => refusal("Missing", pathOf(path, name), "given", undefined, `Set ${name}.`, false));

const environmentRefusals = (path: string, value: unknown, secret: boolean): readonly Refusal[] => {
  if (!isObject(value)) return [];
  const registry = value["baseImageRegistry"];
  const at = pathOf(path, "baseImageRegistry");
  return [
    ...partRefusals(path, value, environmentParts, secret),
    ...baseRefusals(path, value),
    ...reservedRefusals(pathOf(path, "environmentVariables"), value["environmentVariables"]),
    ...(isObject(registry)
      ? [...partRefusals(at, registry, registryParts, secret), ...registryRefusals(at, registry)]
      : []),
  ];
};

const baseRefusals = (
  path: string,
  { baseImage, baseDockerfile }: Record<string, unknown>,
): readonly Refusal[] => {
  const next = "Give baseImage, or the text of a Dockerfile as baseDockerfile.";
  if (isSet(baseImage) && isSet(baseDockerfile) && !isUnknown(baseImage) && !isUnknown(baseDockerfile))
    return [
      refusal(
        "Exclusive",
        pathOf(path, "baseDockerfile"),
        "unset while baseImage is set",
        baseDockerfile,
        next,
        true,
      ),
    ];
  return isSet(baseImage) || isSet(baseDockerfile)
    ? []
    : [refusal("Missing", pathOf(path, "baseImage"), "given, or baseDockerfile", undefined, next, false)];
};

const reservedRefusals = (path: string, variables: unknown): readonly Refusal[] =>
  RESERVED.filter((name) => isObject(variables) && isSet(variables[name])).map((name) =>
    refusal(
      "Exclusive",
      pathOf(path, name),
      "unset: it follows from entryScript",
      undefined,
      `Remove ${name}.`,
      false,
    ),
  );

const registryRefusals = (path: string, registry: Record<string, unknown>): readonly Refusal[] => {
  const [username, password] = [isSet(registry["username"]), isSet(registry["password"])];
  return [
    ...missing(path, registry, ["address"]),
    ...(username && !password ? missing(path, registry, ["password"]) : []),
    ...(password && !username ? missing(path, registry, ["username"]) : []),
  ];
};
