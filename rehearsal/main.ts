#!/usr/bin/env node
import { parseArgs } from "node:util";
import { openStack } from "./stack";

const USAGE =
  "usage: main (preview|up|refresh|destroy|cancel) --state DIR [--project DIR] [--stack NAME] [--config-file FILE]\n" +
  "The passphrase comes from PULUMI_CONFIG_PASSPHRASE.";

const COMMANDS = ["preview", "up", "refresh", "destroy"] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    project: { type: "string", default: "." },
    stack: { type: "string", default: "dev" },
    state: { type: "string" },
    "config-file": { type: "string" },
  },
});

async function main(): Promise<number> {
  const passphrase = process.env["PULUMI_CONFIG_PASSPHRASE"];
  const command = COMMANDS.find((name) => name === positionals[0]);
  if (values.state === undefined || passphrase === undefined || (!command && positionals[0] !== "cancel")) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const configFile = values["config-file"];
  const stack = await openStack({
    ...{ projectDir: values.project, stack: values.stack, stateDir: values.state, passphrase },
    ...(configFile === undefined ? {} : { configFile }),
  });
  if (!command) {
    stack.cancel();
    return 0;
  }
  const { exitCode, text } = await stack[command]({ signal: interruption() });
  process.stdout.write(text);
  return exitCode;
}

/** The first ^C lets running steps end, the second ends the process. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort()).once("SIGTERM", () => controller.abort());
  return controller.signal;
}

main().then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    process.stderr.write(`error: ${error.message}\n`);
    process.exitCode = 1;
  },
);
