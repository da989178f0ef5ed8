import { findPulumi, pulumiEngine } from "../../harness/engines/pulumi";
import { testExamples } from "./run-examples";

describe("examples under the Pulumi CLI", () =>
  testExamples(
    pulumiEngine,
    ({ notUnderCli }) => notUnderCli ?? (findPulumi() ? undefined : "no Pulumi CLI"),
  ));
