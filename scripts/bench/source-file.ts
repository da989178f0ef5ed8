import { randomFillSync } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";

const BLOCK = 1024 * 1024;

/** Writes a file of random bytes, which no compression makes smaller. @param megabytes its size */
export function writeRandomFile(path: string, megabytes: number): void {
  const block = Buffer.alloc(BLOCK);
  const file = openSync(path, "w");
  for (let written = 0; written < megabytes; written += 1) writeSync(file, randomFillSync(block));
  closeSync(file);
}
