import { promises as fs } from "node:fs";
import { join, resolve } from "node:path";
import { parseWorkspaceId, workspaceIdOf } from "../provider/core/address";
import { isObject, isSet, type Settings } from "../provider/core/values";
import { fields } from "../provider/schema/fields";
import { CannotRun } from "./cannot-run";
import { badArguments, workspaceOptions, type Given, type Option } from "./command-line";
import {
  codeIn,
  fromDocument,
  readDocuments,
  type Found,
  type FoundCode,
  type FoundService,
  withSortedMaps,
} from "./found-services";
import type { CliContext } from "./program";
import { cannotRead, isIntact, readManifest, type Manifest } from "./snapshot/manifest";
import type { Terminal } from "./terminal";
import { assertSameWorkspace, openWorkspace, workspaceIdOption, type OpenWorkspace } from "./workspace";

/** Where a command finds services, and which of them it takes. */
export const sourceOptions: readonly Option[] = [
  ...workspaceOptions,
  {
    name: "from",
    value: "PATH",
    doc: "read a snapshot's folder, or the file that pulumi stack export wrote, and no workspace",
  },
  {
    name: "filter",
    value: "KEY=VALUE",
    repeated: true,
    doc: "only services for which it holds; name, compute, state, type, model, image, tag.NAME or property.NAME, * for any text; all of several must hold",
  },
];

/** The services that these options mean: of a workspace, a snapshot or a state. */
export const findServices = async (context: CliContext, given: Given, terminal: Terminal): Promise<Found> => {
  const from = given.text("from");
  const found =
    from === undefined
      ? await readWorkspace(await openWorkspace(context, given), terminal)
      : await readFrom(resolve(context.cwd, from), given);
  return { ...found, services: filtered(found.services, given) };
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
const filtered = (services: readonly FoundService[], given: Given): readonly FoundService[] => {
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

const readWorkspace = async (
  { services, workspaceId }: OpenWorkspace,
  terminal: Terminal,
): Promise<Found> => ({
  workspaceId,
  services: (await readDocuments(services, terminal)).map(fromDocument),
});

/**
 * The services in a snapshot's folder or in an exported state; no workspace is read.
 *
 * @throws CannotRun for anything else
 */
const readFrom = async (path: string, given: Given): Promise<Found> => {
  const named = givenWorkspace(given);
  const stat = await fs.stat(path).catch(() => undefined);
  if (stat?.isDirectory()) {
    const manifest = await readManifest(path);
    if (manifest) return fromSnapshot(path, manifest, named);
  } else if (stat) return fromState(path, await readJson(path, noState), named);
  throw new CannotRun(
    "CannotRead",
    `expected a snapshot's folder, or a file from pulumi stack export, in --from, found ${stat ? "a folder without snapshot.json" : "nothing"} at ${path}. ` +
      "Take a snapshot with pulumi-azureml snapshot --out DIR.",
  );
};

/** The workspace of --workspace-id alone: an environment that names another one says nothing about a file. */
const givenWorkspace = (given: Given): string | undefined =>
  given.text("workspace-id") === undefined ? undefined : workspaceIdOption({ config: {}, env: {} }, given);

const readJson = async (file: string, unfit: typeof cannotRead): Promise<unknown> => {
  try {
    return JSON.parse(await fs.readFile(file, "utf8")) as unknown;
  } catch (error) {
    throw unfit(file, `that it is no JSON (${(error as Error).message})`);
  }
};

const fromSnapshot = async (
  folder: string,
  manifest: Manifest,
  named: string | undefined,
): Promise<Found> => {
  if (named !== undefined) assertSameWorkspace(folder, manifest, named);
  // Written after the last service.
  if (manifest.files["images.json"] === undefined)
    throw cannotRead(join(folder, "images.json"), "that the run which took it broke off before");
  const services: FoundService[] = [];
  for (const [path, entry] of Object.entries(manifest.files)) {
    if (!path.startsWith("services/")) continue;
    if (!(await isIntact(folder, path, entry)))
      throw cannotRead(join(folder, path), "another content than its digest says");
    const document = await readJson(join(folder, path), cannotRead);
    if (isObject(document)) services.push(fromDocument(document));
  }
  return { workspaceId: manifest.workspaceId, services };
};

const TYPE = "pulumi-nodejs:dynamic/azureml:AksWebservice";

/** A service in a state: its outputs hold each live setting under the input's name. */
interface StateService {
  readonly urn: string;
  readonly external: boolean;
  readonly workspaceId: string;
  readonly outputs: Settings;
}

const fromState = (file: string, state: unknown, named: string | undefined): Found => {
  const deployment = isObject(state) && isObject(state["deployment"]) ? state["deployment"] : state;
  const resources = isObject(deployment) ? deployment["resources"] : undefined;
  if (!Array.isArray(resources)) throw noState(file, "no list of resources");
  const services = resources.filter(isObject).flatMap(stateService);
  const workspaceId = workspaceOf(file, services, named);
  const own = services.filter((service) => service.workspaceId.toLowerCase() === workspaceId.toLowerCase());
  return { workspaceId, services: own.map(fromOutputs) };
};

const noState = (file: string, found: string, next = "Export the stack again."): CannotRun =>
  new CannotRun(
    "CannotRead",
    `expected what pulumi stack export writes, with services of one workspace, in ${file}, found ${found}. ${next}`,
  );

const stateService = ({ type, urn, outputs, external, delete: isDeleted }: Settings): StateService[] => {
  // What awaits its deletion has been replaced.
  if (type !== TYPE || !isObject(outputs) || isDeleted === true) return [];
  const workspace = parseWorkspaceId(String(outputs["workspaceId"]));
  return workspace
    ? [{ urn: String(urn), external: external === true, workspaceId: workspaceIdOf(workspace), outputs }]
    : [];
};

/** The one workspace whose services are meant: that of --workspace-id, or the only one there is. */
const workspaceOf = (file: string, services: readonly StateService[], named: string | undefined): string => {
  const byLowerCase = new Map(services.map(({ workspaceId }) => [workspaceId.toLowerCase(), workspaceId]));
  const ids = [...byLowerCase.values()];
  const [first] = ids;
  if (first === undefined)
    throw noState(
      file,
      "no AksWebservice in it",
      "Export the stack that has them: pulumi stack export --stack NAME --file FILE.",
    );
  if (named !== undefined && !byLowerCase.has(named.toLowerCase()))
    throw noState(
      file,
      `services of ${ids.join(", ")} and none of ${named}`,
      "Name one of these with --workspace-id.",
    );
  if (named === undefined && ids.length > 1)
    throw noState(
      file,
      `services of ${ids.length} workspaces (${ids.join(", ")})`,
      "Name one with --workspace-id.",
    );
  return named ?? first;
};

const fromOutputs = ({ urn, external, outputs }: StateService): FoundService => {
  const config = outputs["inferenceConfig"];
  const settings = fields
    .filter((row) => row.wire !== undefined && row.type !== "inferenceConfig" && isSet(outputs[row.input]))
    .map((row) => [row.input, outputs[row.input]] as const);
  return {
    name: String(outputs["name"] ?? outputs["serviceName"]),
    computeType: String(outputs["computeType"] ?? "AKS"),
    state: String(outputs["state"] ?? ""),
    settings: withSortedMaps(Object.fromEntries(settings)),
    code: isObject(config) ? configuredCode(config) : environmentCode(outputs["environment"]),
    scoringUri: String(outputs["scoringUri"] ?? ""),
    ...(external ? {} : { managedBy: stackOf(urn) }),
  };
};

const configuredCode = (config: Settings): FoundCode => {
  const { baseImage, condaDependencies } = isObject(config["environment"]) ? config["environment"] : {};
  const definition = { docker: { baseImage }, python: { condaDependencies } };
  return {
    ...codeIn(definition),
    entryScript: String(config["entryScript"]),
    environment: environmentOf(config["environment"]),
  };
};

/** Of code that the program does not manage, as that of an adopted service, the live environment shows both. */
const environmentCode = (environment: unknown): FoundCode | undefined => {
  const { entryScript, ...code } = codeIn(environment);
  return entryScript === undefined ? undefined : { entryScript, ...code };
};

const environmentOf = (environment: unknown): string =>
  typeof environment === "string" ? environment : "its own environment";

/** `urn:pulumi:prod::ml::…` → `ml/prod` */
const stackOf = (urn: string): string => {
  const [head = "", project = ""] = urn.split("::");
  return `${project}/${head.split(":").at(-1) ?? ""}`;
};
