import * as pulumi from "@pulumi/pulumi";
import { fieldOf } from "../../provider/schema/fields";
import type { MigrationFinding } from "./args";

/** Findings that are the same for several deployments, said once. */
const said = (findings: readonly MigrationFinding[]): readonly string[] => {
  const lines = findings.map(({ setting, says, wayRound }) =>
    [`${setting}: ${says}`, ...(wayRound === undefined ? [] : [wayRound])].join(" "),
  );
  return [...new Set(lines)];
};

const isLoss = ({ setting, kind, says }: MigrationFinding): boolean =>
  kind === "needsDecision" ||
  (kind === "dropped" && says !== "Not set." && fieldOf(setting)?.mutability !== "providerOnly");

/** Says on the component's row what a person has to decide, and what changes without a decision. */
export const tell = (
  component: pulumi.Resource,
  findings: readonly MigrationFinding[],
  decided: readonly string[] = [],
): void => {
  const open = findings.filter(({ setting }) => !decided.includes(setting));
  for (const line of said(open.filter(isLoss))) void pulumi.log.warn(line, component);
  const changed = said(open.filter(({ kind }) => kind === "changedDefault"));
  if (changed.length > 0)
    void pulumi.log.info(`What differs from the web service:\n${changed.join("\n")}`, component);
};
