import { join } from "node:path";
import { openStack } from "../../../rehearsal/index";
import type { OperationResult, Stack } from "../../../rehearsal/index";
import type { Engine, EngineStack, RunOptions, RunResult, StackRequest } from "./engine";

/** The stand-in of this repository, in this process. */
export const rehearsalEngine: Engine = { name: "rehearsal", open };

async function open({
  projectDir,
  stack,
  workDir,
  passphrase,
  env = {},
}: StackRequest): Promise<EngineStack> {
  const opened = await openStack({
    ...{ projectDir, stack, passphrase, env },
    stateDir: join(workDir, "state"),
    configFile: join(workDir, `Pulumi.${stack}.yaml`),
  });
  const run = (operation: "preview" | "up" | "refresh" | "destroy") => (options?: RunOptions) =>
    opened[operation](options).then(resultOf);
  return {
    preview: run("preview"),
    up: run("up"),
    refresh: run("refresh"),
    destroy: run("destroy"),
    setConfig: (values) => Promise.resolve(setConfig(opened, values)),
    outputs: (options) => Promise.resolve(opened.outputs(options)),
    exportState: () => Promise.resolve(opened.exportState()),
    close: () => Promise.resolve(),
  };
}

function setConfig(stack: Stack, values: Parameters<EngineStack["setConfig"]>[0]): void {
  for (const [key, value] of Object.entries(values)) stack.config.set(key, value);
}

const resultOf = ({ exitCode, events, summary, text }: OperationResult): RunResult => ({
  ...{ exitCode, text, events },
  changes: summary?.changes ?? {},
});
