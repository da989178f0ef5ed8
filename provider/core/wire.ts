import type { Field } from "../schema/field";
import type { MadeByService } from "../schema/outputs";
import { aksWebservice, type Table } from "../schema/tables";
import { liveConfig, withCode, type ImageRequest } from "./inference-config/wire";
import { withoutPasswordJson } from "./inference-config/environment";
import { isSet, valueAt, withValueAt, type Settings } from "./values";

/** The service's JSON. */
export type ServiceJson = Readonly<Record<string, unknown>>;

/** Members that the Python client sends beside others. */
const COMPANIONS: readonly { readonly beside: string; readonly path: string; readonly value: unknown }[] = [
  { beside: "environmentImageRequest", path: "location", value: null },
  { beside: "dataCollection", path: "dataCollection.eventHubEnabled", value: false },
];

const parentOf = (path: string): string => path.split(".").slice(0, -1).join(".");

export const toWire = (row: Field, value: unknown): unknown => (row.inverted ? !value : value);

const sentRows = (table: Table): readonly Field[] => table.fields.filter((row) => row.wire !== undefined);

/**
 * The body of `POST services`, or of `POST models`, for a complete set of settings.
 *
 * @param code what the uploaded code of `inferenceConfig` is called, where there is any
 */
export const createBody = (settings: Settings, code?: ImageRequest, table = aksWebservice): ServiceJson => {
  const sent = sentRows(table);
  const fromImage = sent.some((row) => row.source === "image" && isSet(settings[row.input]));
  const rows = sent.reduce<Settings>((body, row) => {
    const value = settings[row.input];
    if (row.type === "inferenceConfig") return code ? withRequest(body, row.wire!, code) : body;
    if (isSet(value)) return withValueAt(body, row.wire!, toWire(row, value));
    return fromImage ? body : withUnset(body, row, settings, sent);
  }, table.constants);
  return COMPANIONS.reduce<Settings>(
    (body, { beside, path, value }) => (isSet(body[beside]) ? withValueAt(body, path, value) : body),
    rows,
  );
};

const withRequest = (body: Settings, path: string, code: ImageRequest): Settings =>
  withValueAt(body, path, withCode((valueAt(body, path) ?? {}) as Settings, code));

const withUnset = (body: Settings, row: Field, settings: Settings, sent: readonly Field[]): Settings => {
  if (row.unset === "null") return withValueAt(body, row.wire!, null);
  if (row.unset === "empty") return withValueAt(body, row.wire!, {});
  return row.unset === "nullBesideOthers" && hasNeighbour(row, settings, sent)
    ? withValueAt(body, row.wire!, null)
    : body;
};

const hasNeighbour = (row: Field, settings: Settings, sent: readonly Field[]): boolean =>
  sent.some((other) => isSet(settings[other.input]) && parentOf(other.wire!) === parentOf(row.wire!));

/**
 * The live settings that a document of the service or model tells.
 *
 * @param program what the program says: code is told only by whether it is that one
 */
export const readSettings = (
  document: ServiceJson,
  program: Settings = {},
  table = aksWebservice,
): Settings =>
  Object.fromEntries(
    sentRows(table)
      .filter((row) => !row.writeOnly)
      .map((row) => [row.input, liveValue(row, document, program)] as const)
      .filter(([, value]) => isSet(value)),
  );

const liveValue = (row: Field, document: ServiceJson, program: Settings): unknown =>
  row.type === "inferenceConfig" ? liveConfig(document, program[row.input]) : valueAt(document, row.wire!);

/** What the service, or registration, made, by output name. */
export const readMade = (document: ServiceJson, table = aksWebservice): Settings =>
  Object.fromEntries(
    table.made
      .map((made) => [made.output, withoutPasswordJson(besides(made, valueAt(document, made.wire)))] as const)
      .filter(([, value]) => isSet(value)),
  );

const besides = ({ beside }: MadeByService, value: unknown): unknown =>
  beside === undefined || typeof value !== "string" ? value : value.replace(/[^/]*$/, beside);

/** Which way a service was deployed, by its settings or outputs; one made from models may name its built image too. */
export const sourceOf = (values: Settings): "environment" | "image" | undefined => {
  const known = [
    ...sentRows(aksWebservice).filter((row) => isSet(values[row.input])),
    ...aksWebservice.made.filter((made) => isSet(values[made.output])),
  ];
  const sources = known.map(({ source }) => source);
  if (sources.includes("environment")) return "environment";
  return sources.includes("image") ? "image" : undefined;
};
