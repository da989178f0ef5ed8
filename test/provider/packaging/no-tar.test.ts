import { textEntry } from "../../../provider/packaging/entry";
import { packed } from "../../../provider/packaging/pack";

jest.mock("tar-stream", () => {
  throw new Error("Cannot find module 'tar-stream'");
});

it("an archive whose library is missing ends with that error, and not never", async () => {
  await expect(packed([textEntry("a.py", "a")]).toArray()).rejects.toThrow("Cannot find module 'tar-stream'");
});
