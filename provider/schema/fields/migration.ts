import { localField, type Field } from "../field";

/** The way out: what moves a service to the workspace's newer kind of endpoint. */
export const migration: readonly Field[] = [
  localField("migrateTo", "migration", {
    role: "migrateTo",
    doc: "Move the deployed service in place, once and for good, to a Kubernetes online endpoint: `{ computeTargetName, acknowledgeIrreversible: true }`. It keeps its name and scoring URI and leaves this API. See docs/migration.md.",
  }),
];
