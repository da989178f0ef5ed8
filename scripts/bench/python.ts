import { startPythonClient, turnTo, type PythonClient } from "../../test/crossed/python-client";
import { startEmulatorProcess } from "../../test/harness/emulator-process";
import { repository } from "../../test/harness/project-folder";
import { readyPython } from "../../test/harness/python";
import { countRequests } from "./life";

/** What a script does with the real Python client, one service after the other, as it does it. */
const lives: readonly (readonly [verb: string, call: string, given: object])[] = [
  ["first up", "deploy", { config: { cpu_cores: 0.5 } }],
  ["update", "update", { change: { cpu_cores: 1 } }],
  ["destroy", "delete", {}],
];

/**
 * The real Python client's rows of the bench's table. It has no engine, no program and no state: what it takes stands in the
 * program's column. Its own pauses between two polls are cut short, and are no part of the figures.
 *
 * @returns a line that says why, where there is no Python that it runs on
 */
export async function pythonRows(services: number): Promise<readonly string[]> {
  const said: string[] = [];
  const python = readyPython((line) => said.push(line));
  if (python === undefined) return [`The Python client: ${said.join(" ")}`];
  const emulator = await startEmulatorProcess(repository(), ["--operation-time", "0"]);
  const client = startPythonClient(python);
  try {
    await turnTo(client, emulator);
    // Everything that it loads is loaded.
    await client.call("names");
    const rows: string[] = [];
    for (const [verb, call, given] of lives) {
      const { made: took, asked } = await countRequests(emulator, () =>
        measured(client, async () => {
          for (let index = 0; index < services; index += 1)
            await client.call(call, { name: `service-${index}`, ...given });
        }),
      );
      const requests = (asked / services).toFixed(2);
      rows.push(`| ${services} | ${verb} | Python | ${took.wall} | – | ${took.cpu}, – | – | ${requests} |`);
    }
    return rows;
  } finally {
    await client.close();
    await emulator.stop();
  }
}

async function measured(client: PythonClient, run: () => Promise<void>) {
  const [begun, before] = [performance.now(), await client.call("processor_seconds")];
  await run();
  const cpu = Number(await client.call("processor_seconds")) - Number(before);
  const wall = (performance.now() - begun) / 1000;
  return { wall: wall.toFixed(1), cpu: cpu.toFixed(2) };
}
