import { membersOf, type JsonObject } from "../provider/azure/response";
import type { ServiceDocument } from "../provider/azure/webservices";
import { isObject, valueAt, type Settings } from "../provider/core/values";
import { readSettings, type ServiceJson } from "../provider/core/wire";
import { byText } from "./literal";
import type { Terminal } from "./terminal";
import type { OpenWorkspace } from "./workspace";

/** A web service as a workspace, a snapshot or a stack's state shows it. */
export interface FoundService {
  readonly name: string;
  readonly computeType: string;
  readonly state: string;
  /** Live settings by input name, without what the service never shows. */
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
  /** The image that the environment is built on, and its conda packages, where it shows them. */
  readonly baseImage?: string;
  readonly condaDependencies?: JsonObject;
}

/** By this key the engine marks values of its own in a state: secrets among them, which an exported state may show in clear. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Where services were found. */
export interface Found {
  readonly workspaceId: string;
  readonly services: readonly FoundService[];
}

/** The documents of all services of a workspace, page by page; one that a moving page shows twice counts once. */
export const readDocuments = async (
  services: OpenWorkspace["services"],
  terminal: Terminal,
): Promise<readonly ServiceDocument[]> => {
  const documents = new Map<string, ServiceDocument>();
  for await (const document of services.list()) {
    const name = textOf(document["name"]);
    if (!documents.has(name)) documents.set(name, document);
    terminal.progress("Services read", documents.size);
  }
  return [...documents.values()];
};

export const fromDocument = (document: ServiceJson): FoundService => ({
  name: textOf(document["name"]),
  computeType: textOf(document["computeType"]),
  state: textOf(document["state"]),
  settings: withSortedMaps(readSettings(document)),
  code: codeOf(membersOf(document["environmentImageRequest"])),
  scoringUri: textOf(document["scoringUri"]),
});

/** Maps in the order of their keys, which neither a service nor a state keeps. */
export const withSortedMaps = (settings: Settings): Settings =>
  Object.fromEntries(
    Object.entries(settings).map(([input, value]) => [
      input,
      isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => byText(a, b))) : value,
    ]),
  );

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

/** What the environment that code runs in shows of both. */
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
