import { proof, row, type Proof, type Row } from "./row";

const WIRE = "test/contract/wire/wire.test.ts";
const MIGRATION = "test/lifecycle/functions/migration.test.ts";
const ROWS = "test/lifecycle/rows/rows.test.ts";
const DEFAULTS = "test/lifecycle/functions/defaults.test.ts";

const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Parameters by their documented default; `generated` and `none` where there is no value. */
const parameters: Readonly<Record<string, string>> = {
  autoscale_enabled: "true",
  autoscale_min_replicas: "1",
  autoscale_max_replicas: "10",
  autoscale_refresh_seconds: "1",
  autoscale_target_utilization: "70",
  collect_model_data: "false",
  auth_enabled: "true",
  cpu_cores: "0.1",
  memory_gb: "0.5",
  enable_app_insights: "false",
  scoring_timeout_ms: "60000",
  replica_max_concurrent_requests: "1",
  max_request_wait_time: "500",
  num_replicas: "none",
  primary_key: "generated",
  secondary_key: "generated",
  tags: "none",
  properties: "none",
  description: "none",
  gpu_cores: "0",
  period_seconds: "10",
  initial_delay_seconds: "310",
  timeout_seconds: "2",
  success_threshold: "1",
  failure_threshold: "3",
  namespace: "none",
  token_auth_enabled: "false",
  compute_target_name: "none",
  cpu_cores_limit: "none",
  memory_gb_limit: "none",
  blobfuse_enabled: "true",
};

const ofDefault = (input: string, fallback: string): readonly Proof[] => {
  const group = "documented defaults";
  if (input === "blobfuseEnabled")
    return [
      proof(DEFAULTS, `${group} blobfuseEnabled is true: nothing is sent, and the service never tells`),
    ];
  if (input === "numReplicas")
    return [proof(DEFAULTS, `${group} the fixed number of replicas has none, and leaves autoscaling on`)];
  if (input === "namespace")
    return [
      proof(DEFAULTS, `${group} namespace has none: nothing is sent, and the service is in the cluster's`),
    ];
  if (input === "computeTargetName") return [];
  if (fallback === "generated") return [proof(DEFAULTS, `${group} ${input} is generated`)];
  if (fallback === "none") return [proof(DEFAULTS, `${group} ${input} has none`)];
  return [proof(DEFAULTS, `${group} ${input} is ${fallback}, by the service and not by us`)];
};

/** The 31 parameters of `deploy_configuration`: each is sent at creation, and has the documented default. */
export const deployConfiguration: readonly Row[] = Object.entries(parameters).map(([member, fallback]) => {
  const input = camel(member);
  const proofs = [proof(ROWS, `${input} create sends it`), ...ofDefault(input, fallback)];
  return row("deploy_configuration", member, `\`${input}\``, proofs, fallback);
});

const notUpdatable = ["primary_key", "secondary_key", "compute_target_name", "blobfuse_enabled"];

const updated = (member: string): Row =>
  row(
    "update",
    member,
    `\`${camel(member)}\` in the program, then \`pulumi up\``,
    [
      proof(ROWS, `${camel(member)} update does exactly what it must`),
      proof(ROWS, `${camel(member)} unchanged sends nothing, also after a refresh`),
    ],
    "unchanged",
  );

/** The parameters of `update` that are settings too: each is patched alone, and left out it stays. */
export const updates: readonly Row[] = Object.keys(parameters)
  .filter((member) => !notUpdatable.includes(member))
  .map(updated);

const migrating = "a migration through the host";
const given = "the provider, given what the Python client was given";

/** The parameters of `update` that say what runs, and the two of a migration. */
export const updatesApart: readonly Row[] = [
  row(
    "update",
    "image",
    "`imageId`",
    [proof(ROWS, "imageId update does exactly what it must"), proof(WIRE, `${given} update.image`)],
    "unchanged",
  ),
  row(
    "update",
    "models",
    "`models`",
    [proof(ROWS, "models update does exactly what it must"), proof(WIRE, `${given} update.models_no_code`)],
    "unchanged",
  ),
  row(
    "update",
    "inference_config",
    "`inferenceConfig`",
    [
      proof(ROWS, "inferenceConfig update does exactly what it must"),
      proof(
        "test/lifecycle/code/code.test.ts",
        "a service with code uploads only the code when one line changes, and keeps its models",
      ),
      proof(WIRE, `${given} update.inference_config_and_models`),
    ],
    "unchanged",
  ),
  row(
    "update",
    "is_migration",
    "`migrateTo: { acknowledgeIrreversible: true, … }`",
    [
      proof(
        MIGRATION,
        `${migrating} sends what the Python client sends, follows the operation, and keeps the keys`,
      ),
      proof(
        MIGRATION,
        `${migrating} is none afterwards, also after a refresh, and refuses changes with the next step`,
      ),
    ],
    "false",
  ),
  row("update", "compute_target", "`migrateTo: { computeTargetName, … }`", [
    proof(
      MIGRATION,
      `${migrating} sends what the Python client sends, follows the operation, and keeps the keys`,
    ),
    proof(
      "test/provider/core/migration.test.ts",
      "what a program says of a migration must not be without compute",
    ),
  ]),
];
