import { methods } from "./methods";
import { statements } from "./rules";
import { proof, row, type Row } from "./row";
import { deployConfiguration, updates, updatesApart } from "./settings";

const FILE = "test/sdk/functions/variables.test.ts";

const variable = (member: string, here: string): Row =>
  row("variable", member, here, [
    proof(FILE, `variables of the Python class of the service plain ${member} has the class's value`),
    proof(FILE, `variables of the Python class of the service fixed ${member} has the class's value`),
  ]);

/** The twenty variables that AksWebservice documents. */
const variables: readonly Row[] = [
  variable("enable_app_insights", "`service.enableAppInsights`"),
  variable("autoscaler", "`service.autoscaler`"),
  variable("compute_name", "`service.computeName`, `service.computeTargetName`"),
  variable("container_resource_requirements", "`service.containerResourceRequirements`"),
  variable("liveness_probe_requirements", "`service.livenessProbeRequirements`"),
  variable("data_collection", "`service.dataCollection`"),
  variable("max_concurrent_requests_per_container", "`service.maxConcurrentRequestsPerContainer`"),
  variable("max_request_wait_time", "`service.maxRequestWaitTime`"),
  variable("num_replicas", "`service.numReplicas`"),
  variable("scoring_timeout_ms", "`service.scoringTimeoutMs`"),
  variable("scoring_uri", "`service.scoringUri`"),
  variable("is_default", "`service.isDefault`"),
  variable("traffic_percentile", "`service.trafficPercentile`"),
  variable("version_type", "`service.versionType`"),
  variable("token_auth_enabled", "`service.tokenAuthEnabled`"),
  variable("environment", "`service.environment`"),
  variable("models", "`service.modelDetails`, `service.models`"),
  variable("deployment_status", "`service.deploymentStatus`"),
  variable("namespace", "`service.namespace`"),
  variable("swagger_uri", "`service.swaggerUri`"),
];

/** Everything that the documentation of azureml-core's AksWebservice names. */
export const parityTable: readonly Row[] = Object.freeze([
  ...methods,
  ...deployConfiguration,
  ...updates,
  ...updatesApart,
  ...variables,
  ...statements,
]);
