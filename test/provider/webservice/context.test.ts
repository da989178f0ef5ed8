import { openConfiguration } from "../../../provider/webservice/context";
import { aksWebserviceProvider } from "../../../provider/webservice/provider";
import { modelProvider } from "../../../provider/model/provider";
import { processContext } from "../../../provider/webservice/context";

const NOT_CONFIGURED = /^NotConfigured: .* Use the @pulumi\/pulumi that /;

describe("the stack's configuration", () => {
  it("is there as soon as the host has begun to hand it over, and is read once", async () => {
    const { settings, configure } = openConfiguration({ HOME: "/root" });
    configure({ get: (key) => (key === "azureml:workspaceName" ? "ws" : undefined) });
    configure({ get: () => "another" });
    expect(await settings()).toEqual({ config: { "azureml:workspaceName": "ws" }, env: { HOME: "/root" } });
  });

  it.each([
    ["AksWebservice", aksWebserviceProvider],
    ["Model", modelProvider],
  ])("is missed by every method of %s, none of which waits for it", async (_class, open) => {
    const provider = open(processContext([]), {});
    await expect(provider.check({}, {})).rejects.toThrow(NOT_CONFIGURED);
    await expect(provider.diff("id", {}, {})).rejects.toThrow(NOT_CONFIGURED);
    await expect(provider.create({})).rejects.toThrow(NOT_CONFIGURED);
    await expect(provider.read("id", {})).rejects.toThrow(NOT_CONFIGURED);
    await expect(provider.update("id", {}, {})).rejects.toThrow(NOT_CONFIGURED);
    await expect(provider.delete("id", {})).rejects.toThrow(NOT_CONFIGURED);
  });

  it("that cannot be read fails the call that hands it over, and leaves no other waiting", async () => {
    const provider = aksWebserviceProvider(processContext([]), {});
    const get = (): never => {
      throw new Error("no such key");
    };
    await expect(provider.configure({ config: { get } })).rejects.toThrow("no such key");
    await expect(provider.check({}, {})).rejects.toThrow(NOT_CONFIGURED);
  });
});
