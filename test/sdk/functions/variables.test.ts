import * as pulumi from "@pulumi/pulumi";
import { outputsOf } from "../../../provider/core/outputs";
import { AksWebservice } from "../../../sdk/aks-webservice";
import { serializeEnvironment } from "../../../sdk/functions/serialize-environment";
import recorded from "./variables-of-azureml-core.json";

const workspaceId =
  "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-emulated" +
  "/providers/Microsoft.MachineLearningServices/workspaces/ws-emulated";

/** Each variable that the class documents, and where the resource has it. */
const variables: Readonly<Record<string, (service: AksWebservice) => pulumi.Output<unknown>>> = {
  enable_app_insights: (service) => service.enableAppInsights,
  autoscaler: (service) => service.autoscaler,
  compute_name: (service) => service.computeName,
  container_resource_requirements: (service) => service.containerResourceRequirements,
  liveness_probe_requirements: (service) => service.livenessProbeRequirements,
  data_collection: (service) => service.dataCollection,
  max_concurrent_requests_per_container: (service) => service.maxConcurrentRequestsPerContainer,
  max_request_wait_time: (service) => service.maxRequestWaitTime,
  num_replicas: (service) => service.numReplicas,
  scoring_timeout_ms: (service) => service.scoringTimeoutMs,
  scoring_uri: (service) => service.scoringUri,
  is_default: (service) => service.isDefault,
  traffic_percentile: (service) => service.trafficPercentile,
  version_type: (service) => service.versionType,
  token_auth_enabled: (service) => service.tokenAuthEnabled,
  environment: (service) => service.environment.apply((environment) => serializeEnvironment(environment)),
  models: (service) => service.modelDetails.apply((models) => models.map(({ id }) => id)),
  deployment_status: (service) => service.deploymentStatus,
  namespace: (service) => service.namespace,
  swagger_uri: (service) => service.swaggerUri,
};

/** Outputs leave out what is null; the service never collects anything but storage. */
const told = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value ?? undefined;
  return Object.fromEntries(
    Object.entries(value).filter(([name, member]) => member !== null && name !== "eventHubEnabled"),
  );
};

const valueOf = (output: pulumi.Output<unknown>): Promise<unknown> =>
  (output as unknown as { promise(): Promise<unknown> }).promise();

type Case = keyof typeof recorded;

/** The resource, with the outputs that the provider makes of the document. */
const resourceOf = async (name: Case): Promise<AksWebservice> => {
  const state = outputsOf({ document: recorded[name].document, before: {}, workspaceId });
  await pulumi.runtime.setMocks(
    { newResource: () => ({ id: `${workspaceId}/services/${name}`, state }), call: () => ({}) },
    "project",
    "stack",
    false,
    "organization",
  );
  return AksWebservice.get(name, `${workspaceId}/services/${name}`);
};

describe("variables of the Python class", () => {
  it("are all there", () => {
    expect(Object.keys(variables).sort()).toEqual(Object.keys(recorded.plain.variables).sort());
    expect(Object.keys(variables)).toHaveLength(20);
  });

  describe.each(["plain", "fixed"] as const)("of the service %s", (name) => {
    let service: AksWebservice;
    beforeAll(async () => {
      service = await resourceOf(name);
    });

    it.each(Object.entries(variables))("%s has the class's value", async (variable, read) => {
      const expected: unknown = (recorded[name].variables as Record<string, unknown>)[variable];
      const value = await valueOf(read(service));
      expect(variable === "environment" ? (value ?? undefined) : told(value)).toEqual(
        variable === "environment" ? (expected ?? undefined) : told(expected),
      );
    });
  });
});
