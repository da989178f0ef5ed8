import { membersOf, type JsonObject } from "../provider/azure/response";
import { isObject, valueAt, type Settings } from "../provider/core/values";
import { readSettings, type ServiceJson } from "../provider/core/wire";
import type { Given } from "./command-line";
import { badArguments } from "./command-line";
import type { Terminal } from "./terminal";
import type { OpenWorkspace } from "./workspace";

/** A web service as a workspace, a snapshot or a stack's state shows it. */
export interface FoundService {
  readonly name: string;
  readonly computeType: string;
  readonly state: string;
  /** Live settings by input name, without what the service never tells. */
  readonly settings: Settings;
  /** Code that serves its models, as far as it shows; undefined for a service without code. */
  readonly code: FoundCode | undefined;
  /** The stack whose state shows it; it manages the service. */
  readonly managedBy?: string;
  /** Where callers call it. */
  readonly scoringUri?: string;
}

/** Code is only shown by the names under which it was uploaded. */
export interface FoundCode {
  readonly entryScript: string;
  readonly environment: string;
  /** The folder that its files are below, which the script's path begins with. */
  readonly sourceDirectory?: string;
  /** The image that the environment is built on, and its conda packages, where it tells them. */
  readonly baseImage?: string;
  readonly condaDependencies?: JsonObject;
}

/** Where services were found. */
export interface Found {
  readonly workspaceId: string;
  readonly services: readonly FoundService[];
}

/** All services of the workspace, page by page; one that a moving page shows twice counts once. */
export const readServices = async (
  { services, workspaceId }: OpenWorkspace,
  terminal: Terminal,
): Promise<Found> => {
  const found = new Map<string, FoundService>();
  for await (const document of services.list()) {
    const service = fromDocument(document);
    if (!found.has(service.name)) found.set(service.name, service);
    terminal.progress("Services read", found.size);
  }
  return { workspaceId, services: [...found.values()] };
};

export const fromDocument = (document: ServiceJson): FoundService => ({
  name: textOf(document["name"]),
  computeType: textOf(document["computeType"]),
  state: textOf(document["state"]),
  settings: readSettings(document),
  code: codeOf(membersOf(document["environmentImageRequest"])),
  scoringUri: textOf(document["scoringUri"]),
});

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

const codeOf = (request: JsonObject): FoundCode | undefined => {
  const driver = request["driverProgram"];
  if (typeof driver !== "string" || driver === "") return undefined;
  const { environment, environmentReference } = request;
  return {
    entryScript: driver,
    ...codeIn(environment),
    environment: environmentName(environmentReference ?? environment),
  };
};

/** What the environment that code runs in tells of both. */
export const codeIn = (environment: unknown): Omit<FoundCode, "entryScript"> & Partial<FoundCode> => {
  const at = (path: string): unknown => valueAt(environment, path);
  const [script, folder, baseImage, conda] = [
    at("environmentVariables.AZUREML_ENTRY_SCRIPT"),
    at("environmentVariables.AZUREML_SOURCE_DIRECTORY"),
    at("docker.baseImage"),
    at("python.condaDependencies"),
  ];
  return {
    environment: environmentName(environment),
    ...(typeof script === "string" ? { entryScript: script } : {}),
    ...(typeof folder === "string" ? { sourceDirectory: folder } : {}),
    ...(typeof baseImage === "string" && baseImage !== "" ? { baseImage } : {}),
    ...(isObject(conda) ? { condaDependencies: conda } : {}),
  };
};

const environmentName = (environment: unknown): string => {
  const { name, version } = membersOf(environment);
  if (typeof name !== "string") return "its own environment";
  return version === undefined || version === null ? name : `${name}:${String(version)}`;
};

/** What `--filter KEY=VALUE` may name. */
const filterKeys: Readonly<Record<string, (service: FoundService) => unknown>> = {
  name: ({ name }) => name,
  compute: ({ settings }) => settings["computeTargetName"],
  state: ({ state }) => state,
  type: ({ computeType }) => computeType,
  model: ({ settings }) => settings["models"],
  image: ({ settings }) => settings["imageId"],
};

/** The services for which every filter holds. @throws CannotRun BadArguments for a filter that is none */
export const filtered = (services: readonly FoundService[], given: Given): readonly FoundService[] => {
  const tests = given.texts("filter").map(filterOf);
  return services.filter((service) => tests.every((holds) => holds(service)));
};

const filterOf = (text: string): ((service: FoundService) => boolean) => {
  const [, key, pattern] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  const [, map, entry] = /^(tag|property)\.(.+)$/s.exec(key ?? "") ?? [];
  const read =
    map === undefined
      ? Object.hasOwn(filterKeys, key ?? "") && filterKeys[key!]
      : ({ settings }: FoundService) => entryAt(settings[map === "tag" ? "tags" : "properties"], entry!);
  if (!read || pattern === undefined)
    throw badArguments(
      `--filter: expected KEY=VALUE with a KEY of ${Object.keys(filterKeys).join(", ")}, tag.NAME or property.NAME, ` +
        `found ${JSON.stringify(text)}`,
    );
  const parts = pattern.split("*");
  return (service) => [read(service)].flat().some((value) => matches(String(value ?? ""), parts));
};

const entryAt = (map: unknown, key: string): unknown =>
  isObject(map) && Object.hasOwn(map, key) ? map[key] : undefined;

/** Whether a text is these parts, in order, with anything between them. */
const matches = (value: string, parts: readonly string[]): boolean => {
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return value === first;
  if (!value.startsWith(first) || !value.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = value.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at + last.length <= value.length;
};
