import { findPulumi, pulumiEngine } from "./pulumi";
import { rehearsalEngine } from "./rehearsal";

const cli = findPulumi() !== undefined;

/** A test that needs the Pulumi CLI; where there is none it is skipped, and its name says why. */
export const withCli = cli ? test : test.skip;
export const named = (name: string): string => (cli ? name : `${name} (skipped: no Pulumi CLI)`);

/** Both engines, for `describe.each`. */
export const engineRows = [
  { name: "the rehearsal engine", engine: rehearsalEngine, run: test },
  { name: named("the Pulumi CLI"), engine: pulumiEngine, run: withCli },
];
