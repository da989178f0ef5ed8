import { startEmulator, type EmulatorOptions } from "./index";
import { parseProgramOptions, usage } from "./program-options";

async function run(options: EmulatorOptions): Promise<void> {
  const emulator = await startEmulator(options);
  const { url, discoveryUrl, accessToken, workspaceId } = emulator;
  const stop = () => {
    emulator.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  process.stdout.write(`${JSON.stringify({ url, discoveryUrl, accessToken, workspaceId })}\n`);
}

async function main(args: readonly string[]): Promise<void> {
  const options = parseProgramOptions(args);
  if (options === "help") process.stdout.write(usage);
  else await run(options);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`azureml-emulator: ${(error as Error).message}\nTry azureml-emulator --help.\n`);
  process.exitCode = 2;
});
