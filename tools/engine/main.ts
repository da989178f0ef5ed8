import { getEngine } from "./get-engine";
import { EngineUnavailable } from "./unavailable";

/** `npm run engine`: the last line is a folder to put on PATH. */
getEngine({ env: process.env, log: (line) => process.stderr.write(`${line}\n`) }).then(
  (folder) => process.stdout.write(`${folder}\n`),
  (error: unknown) => {
    if (!(error instanceof EngineUnavailable)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    process.exitCode = error.exitCode;
  },
);
