import { map } from "../../kubernetes/map";
import { type Form, type MapRow } from "../../kubernetes/row";

/** A mistake that a row of the map could have. */
export interface Fault {
  readonly setting: string;
  readonly says: string;
  /** The row with the mistake; undefined for a row that was forgotten. */
  readonly plant: (row: MapRow) => MapRow | undefined;
}

/** The member in another form, where the row writes one at all. */
const written =
  (form: Form, at = "") =>
  (row: MapRow): MapRow => ({
    ...row,
    to: row.to.map((member) => {
      if (!member.path.endsWith(at)) return member;
      const spoilt: Form = (value, context) =>
        member.form(value, context) === undefined ? undefined : form(value, context);
      return { ...member, form: spoilt };
    }),
  });

const moved =
  (from: string, to: string) =>
  (row: MapRow): MapRow => ({
    ...row,
    to: row.to.map((member) => ({ ...member, path: member.path.replace(from, to) })),
  });

const only =
  (on: "endpoint" | "deployment") =>
  (row: MapRow): MapRow => ({ ...row, to: row.to.filter((member) => member.on === on) });

/** What is not said takes the default there, as if that were the web service's. */
const withDefault =
  (value: unknown) =>
  (row: MapRow): MapRow => ({ ...row, value: ({ settings }) => settings[row.setting] ?? value });

/** What is not said is left out. */
const unsaid = (row: MapRow): MapRow => ({ ...row, value: ({ settings }) => settings[row.setting] });

const fault = (setting: string, says: string, plant: Fault["plant"]): Fault => ({ setting, says, plant });

export const faults: readonly Fault[] = [
  fault(
    "serviceName",
    "in capitals",
    written((name) => String(name).toUpperCase()),
  ),
  fault(
    "resourceGroupName",
    "of another group",
    written(() => "rg"),
  ),
  fault("workspaceName", "of the endpoint alone", only("endpoint")),
  fault(
    "computeTargetName",
    "the AKS compute itself",
    written(
      (_, { destination, settings }) =>
        `${destination.workspaceId}/computes/${String(settings["computeTargetName"])}`,
    ),
  ),
  fault(
    "inferenceConfig",
    "the script below a folder",
    written((config) => `src/${(config as { entryScript: string }).entryScript}`, "scoringScript"),
  ),
  fault(
    "models",
    "as a name and version",
    written((models) => `azureml:${String(models)}`),
  ),
  fault(
    "imageId",
    "the image as an environment",
    written((image) => image),
  ),
  fault("autoscaleEnabled", "always scaling", (row) => ({ ...row, value: () => "TargetUtilization" })),
  fault("autoscaleMinReplicas", "under the old name", moved("minInstances", "minReplicas")),
  fault("autoscaleMaxReplicas", "the default there", withDefault(1)),
  fault(
    "autoscaleRefreshSeconds",
    "a number",
    written((value) => value),
  ),
  fault(
    "autoscaleTargetUtilization",
    "a fraction",
    written((value) => Number(value) / 100),
  ),
  fault("numReplicas", "under the properties", moved("sku.capacity", "properties.instanceCount")),
  fault(
    "collectModelData",
    "another collection",
    written(() => ({ request: { dataCollectionMode: "enabled" } })),
  ),
  fault(
    "authEnabled",
    "as the YAML writes it",
    written(() => "key"),
  ),
  fault(
    "tokenAuthEnabled",
    "the other token",
    written(() => "AADToken"),
  ),
  fault("primaryKey", "as the secondary key", moved("primaryKey", "secondaryKey")),
  fault(
    "secondaryKey",
    "left out",
    written(() => undefined),
  ),
  fault(
    "cpuCores",
    "a number",
    written((value) => value),
  ),
  fault("cpuCoresLimit", "among the requests", moved("containerResourceLimits", "containerResourceRequests")),
  fault(
    "memoryGb",
    "a thousand thousands",
    written((value) => `${String(value)}G`),
  ),
  fault(
    "memoryGbLimit",
    "a thousandth",
    written((value) => `${String(value)}Mi`),
  ),
  fault("gpuCores", "among the requests", moved("containerResourceLimits", "containerResourceRequests")),
  fault(
    "enableAppInsights",
    "the opposite",
    written((value) => !value),
  ),
  fault(
    "scoringTimeoutMs",
    "milliseconds taken for seconds",
    written((value) => `PT${String(value)}S`),
  ),
  fault("replicaMaxConcurrentRequests", "text", written(String)),
  fault(
    "maxRequestWaitTime",
    "whole seconds",
    written((value) => `PT${Math.floor(Number(value) / 1000)}S`),
  ),
  fault("blobfuseEnabled", "forgotten", () => undefined),
  fault("periodSeconds", "left to the default there", unsaid),
  fault("initialDelaySeconds", "the default there", withDefault(10)),
  fault(
    "timeoutSeconds",
    "seconds taken for milliseconds",
    written((value) => `PT${Number(value) / 1000}S`),
  ),
  fault("successThreshold", "as the other threshold", moved("successThreshold", "failureThreshold")),
  fault("failureThreshold", "the default there", withDefault(30)),
  fault("namespace", "on the deployment", (row) => ({
    ...row,
    to: [{ on: "deployment", path: "properties.namespace", form: (name) => name }],
  })),
  fault("tags", "of the deployment alone", only("deployment")),
  fault("properties", "as tags", moved("properties.properties", "tags")),
  fault("description", "of the endpoint alone", only("endpoint")),
];

/** The map with one mistake. */
export const withFault = ({ setting, plant }: Fault): readonly MapRow[] =>
  map.flatMap((row) => (row.setting === setting ? (plant(row) ?? []) : [row]));
