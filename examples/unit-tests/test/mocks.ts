import * as assert from "node:assert/strict";
import { before, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { scoringService } from "../service";

// Mocks stand in for the engine: nothing is deployed, and no credential is needed. A service's outputs are what it was given.
before(() =>
  pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs }),
    call: () => ({}),
  }),
);

const valueOf = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => output.apply(resolve));

void test("the service has the stack's replicas, and a limit", async () => {
  const service = scoringService({ replicas: 3, release: "2026.12" });
  assert.equal(await valueOf(service.numReplicas), 3);
  assert.equal(await valueOf(service.cpuCoresLimit), 1);
  assert.deepEqual(await valueOf(service.tags), { release: "2026.12" });
});
