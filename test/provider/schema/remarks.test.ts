import { fields } from "../../../provider/schema/fields";

/** What the Python class's documentation remarks beside a parameter's meaning, where a reader of ours must find it too. */
describe("a remark of the class's documentation is in the setting's own", () => {
  it.each([
    ["replicaMaxConcurrentRequests", "leave it at 1, unless Microsoft's support says otherwise"],
    ["numReplicas", "each a pod of the cluster"],
    ["cpuCores", "The pod's request, not its limit."],
    ["memoryGb", "The pod's request, not its limit."],
    ["timeoutSeconds", "a default of 2 at creation and, contradicting itself, of 1 at an update"],
    ["properties", "the service never changes or removes one"],
    ["maxRequestWaitTime", "before it is answered with 503, in milliseconds"],
  ])("%s: %s", (input, remark) => {
    expect(fields.find((row) => row.input === input)?.doc).toContain(remark);
  });
});
