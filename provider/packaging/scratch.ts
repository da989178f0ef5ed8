import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of this process alone, for what has to lie on disk for a while. */
export interface Scratch {
  /** A path in the folder that nothing has used before. */
  next(): string;
}

/** Runs `use` with a fresh folder, and removes it however `use` ends. */
export async function withScratch<Result>(use: (scratch: Scratch) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-azureml-"));
  let made = 0;
  try {
    return await use({ next: () => join(folder, String((made += 1))) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
