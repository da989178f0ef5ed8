import { findPulumi, pulumiEngine } from "../../harness/engines/pulumi";
import { testExamples } from "./run-examples";
import { examples, firstOfEach } from "./table";

// The first row of each folder runs outside of the repository, from the tarball: test/outside/examples.test.ts.
const others = examples.filter((row) => !firstOfEach.includes(row));

// Another version of Node.js or Pulumi is met by one row of the folders that the matrix names.
const named = process.env["EXAMPLES"]?.split(",");

describe("examples under the Pulumi CLI", () =>
  testExamples(
    pulumiEngine,
    named ? firstOfEach.filter(({ folder }) => named.includes(folder)) : others,
    ({ notUnderCli }) => notUnderCli ?? (findPulumi() ? undefined : "no Pulumi CLI"),
  ));
