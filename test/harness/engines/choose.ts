import type { Engine } from "./engine";
import { findPulumi, pulumiEngine } from "./pulumi";
import { rehearsalEngine } from "./rehearsal";

/**
 * The engine of that name; without one, the Pulumi CLI when it is on PATH, else the rehearsal.
 * Throws for another name, and for `pulumi` where there is no CLI.
 */
export function chooseEngine(name?: string): Engine {
  const cli = findPulumi() !== undefined;
  if (name === undefined) return cli ? pulumiEngine : rehearsalEngine;
  if (name === "rehearsal") return rehearsalEngine;
  if (name !== "pulumi") throw new Error(`unknown engine "${name}"; expected "pulumi" or "rehearsal"`);
  if (!cli) throw new Error("no Pulumi CLI on PATH; install it, or use --engine rehearsal");
  return pulumiEngine;
}

/** The value of `--engine`. Throws for another name, with those that are expected. */
export function engineOption(name: string | undefined): { readonly engine?: string } {
  if (name === undefined) return {};
  if (name === "pulumi" || name === "rehearsal") return { engine: name };
  throw new Error(`--engine: expected pulumi or rehearsal, found "${name}"`);
}
