import { connect } from "../../../provider/azure/connect";
import { parseWorkspaceId } from "../../../provider/core/address";
import { startEmulator } from "../../../emulator";
import recorded from "../../contract/cases.json";
import { ownFolder } from "../../harness/own-folder";
import { envFor, runCli } from "../run";

const root = ownFolder();

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** Every definition that the real Python client was seen to send, each once. */
const definitions = [
  ...new Set(
    (recorded as unknown as { requests: Sent[] }[])
      .flatMap(({ requests }) => requests)
      .filter(({ method, path }) => method === "POST" && path.endsWith("/services"))
      .filter(({ body }) => (body as { computeType?: unknown }).computeType === "AKS")
      .map(({ body }) => JSON.stringify({ ...(body as object), name: undefined })),
  ),
].map((text, at) => ({ ...(JSON.parse(text) as object), name: `recorded-${at}` }));

test(`services that the Python client made are adopted without a change`, async () => {
  const emulator = await startEmulator({ operationTime: 0 });
  const url = `${emulator.url}/modelmanagement/v1.0${emulator.workspaceId}/services`;
  const headers = { Authorization: `Bearer ${emulator.accessToken}`, "Content-Type": "application/json" };
  const services = await connect(parseWorkspaceId(emulator.workspaceId)!, {
    config: {},
    env: envFor(emulator),
  });
  for (const [, container, path] of JSON.stringify(definitions).matchAll(
    /aml:\/\/artifact\/LocalUpload\/([^/"]+)\/([^"]+)/g,
  ))
    await services.upload(container!, path!, {
      size: 1,
      open: async function* () {
        yield Buffer.from("x");
      },
    });
  let made = 0;
  for (const body of definitions)
    made +=
      (await fetch(url, { method: "POST", headers, body: JSON.stringify(body) })).status === 202 ? 1 : 0;
  const { stdout } = await runCli(["import", "--out", `${root}/out`, "--json"], { env: envFor(emulator) });
  const audit = JSON.parse(stdout) as {
    total: number;
    readyWithNotes: { notes: string[] }[];
    notAdoptable: unknown[];
  };
  await emulator.close();
  expect(made).toBeGreaterThan(20);
  expect(audit).toMatchObject({ total: made });
  expect({
    made,
    left: audit.notAdoptable,
    notes: [...new Set(audit.readyWithNotes.flatMap(({ notes }) => notes))],
  }).toEqual({
    made,
    left: [],
    notes: ["Anyone can call it: it needs no key and no token."],
  });
});
