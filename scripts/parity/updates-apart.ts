import { proof, row, type Row } from "./row";

const WIRE = "test/contract/wire/wire.test.ts";
const MIGRATION = "test/lifecycle/functions/migration.test.ts";
const migrating = "a migration through the host";
const given = "the provider, given what the Python client was given";

/** The parameters of `update` that say what runs, and the two of a migration. */
export const updatesApart: readonly Row[] = [
  row(
    "update",
    "image",
    "`imageId`",
    [
      proof("test/lifecycle/rows/rows.test.ts", "imageId update does exactly what it must"),
      proof(WIRE, `${given} update.image`),
    ],
    "unchanged",
  ),
  row(
    "update",
    "models",
    "`models`",
    [
      proof("test/lifecycle/rows/rows.test.ts", "models update does exactly what it must"),
      proof(WIRE, `${given} update.models_no_code`),
    ],
    "unchanged",
  ),
  row(
    "update",
    "inference_config",
    "`inferenceConfig`",
    [
      proof("test/lifecycle/rows/rows.test.ts", "inferenceConfig update does exactly what it must"),
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
