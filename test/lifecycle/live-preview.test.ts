import { startEmulator, type Emulator } from "../../emulator/index";
import { startHostFor } from "./workspace";
import { callWorkspace } from "../harness/workspace";

jest.setTimeout(60_000);

const urn = (name: string): string =>
  `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/azureml:AksWebservice::${name}`;
const least = (name: string, more: object = {}) => ({
  computeTargetName: "aks-prod",
  models: ["fraud:7"],
  __urn: urn(name),
  __createdBy: `stamp-of-${name}`,
  ...more,
});
const NAMES = ["one", "two", "three"];

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator({ operationTime: 0 });
});
afterEach(() => emulator.close());

const paths = () =>
  emulator.requests().map(({ method, path }) => `${method} ${path.replace(/^.*\/workspaces\/[^/]+/, "")}`);

describe("the dynamic provider's process", () => {
  it("previews and then updates: one list in all, and no service is taken for another's", async () => {
    const host = await startHostFor(emulator, { config: { "azureml:livePreview": "true" } });
    const round = async () => {
      const checked: Record<string, unknown>[] = [];
      for (const name of NAMES) {
        const { inputs, failures } = await host.check({}, least(name));
        expect(failures).toEqual([]);
        checked.push(inputs);
      }
      return checked;
    };
    try {
      await round();
      for (const inputs of await round()) await host.create(inputs);
      expect(paths().filter((path) => path === "GET /services")).toHaveLength(1);
      expect(host.lines().filter(({ ephemeral, severity }) => !ephemeral && severity === "warning")).toEqual(
        [],
      );
      const { failures } = await host.check({}, least("four", { serviceName: "two" }));
      expect(failures).toEqual([
        { property: "", reason: expect.stringMatching(/^Exclusive: .*"four" and "two"/) as string },
      ]);
    } finally {
      await host.close();
    }
  });

  it("shows in its next run what others have done, on the resource's row and by its name", async () => {
    const first = await startHostFor(emulator);
    const { inputs } = await first.check({}, least("one", { numReplicas: 2 }));
    const { id, outputs } = await first.create(inputs);
    await first.close();
    const edited = await callWorkspace(emulator, "PATCH", "/services/one", [
      { op: "replace", path: "/numReplicas", value: 8 },
    ]);
    expect(edited.status).toBe(202);
    emulator.clearRequests();
    const second = await startHostFor(emulator, { env: { AZUREML_LIVE_PREVIEW: "1" } });
    try {
      expect((await second.diff(id, outputs, inputs)).changes).toBe("none");
      expect(second.lines()).toMatchObject([
        {
          urn: urn("one"),
          severity: "warning",
          text: expect.stringMatching(
            /^one: numReplicas is 8 on the live service, the program says 2/,
          ) as string,
        },
      ]);
      expect(paths().filter((path) => path.includes("/services"))).toEqual(["GET /services"]);
    } finally {
      await second.close();
    }
  });

  it("goes on with one warning where the credential is refused", async () => {
    const host = await startHostFor(emulator, {
      env: { AZUREML_LIVE_PREVIEW: "1", AZUREML_ACCESS_TOKEN: "expired" },
    });
    try {
      for (const name of NAMES) expect((await host.check({}, least(name))).failures).toEqual([]);
      expect(host.lines()).toMatchObject([
        { severity: "warning", text: expect.stringMatching(/^one: LivePreviewUnavailable: /) as string },
      ]);
      expect(JSON.stringify(host.lines())).not.toContain('expired"');
    } finally {
      await host.close();
    }
  });
});
