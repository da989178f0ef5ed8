import { execFile } from "node:child_process";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { repository } from "./project-folder";
import type { Session } from "./session";
import type { Log } from "./log";

const run = promisify(execFile);

/** Runs a script as a user does: in a process of its own, with the workspace named by the environment. */
export async function runScript(
  session: Session,
  log: Log,
  file: string,
  args: readonly string[],
): Promise<string> {
  log.goOn();
  const { discoveryUrl, accessToken, workspaceId } = session.emulator();
  log.report.command(`node ${basename(file)} ${args.join(" ")}`);
  const { stdout } = await run(process.execPath, [join(repository(), file), ...args], {
    env: {
      ...process.env,
      AZUREML_DISCOVERY_URL: discoveryUrl,
      AZUREML_ACCESS_TOKEN: accessToken,
      AZUREML_WORKSPACE_ID: workspaceId,
    },
  });
  for (const line of stdout.trim().split("\n")) log.report.say(line);
  return stdout;
}
