import { OutOfScope } from "./out-of-scope";

/** Options of an operation, named as the Pulumi CLI's flags are. */
export interface Flags {
  /** `--refresh`: read every resource before anything else. */
  readonly refreshFirst?: boolean;
  readonly continueOnError?: boolean;
  /** `--run-program`, for refresh and destroy. */
  readonly runProgram?: boolean;
  readonly expectNoChanges?: boolean;
  readonly ignoreProtect?: boolean;
  readonly clearPendingCreates?: boolean;
  /** `--preview-only`, for refresh and destroy. */
  readonly previewOnly?: boolean;
  /** Preview first, as the CLI does unless told `--skip-preview`. */
  readonly withPreview?: boolean;
}

const KNOWN = {
  refreshFirst: true,
  continueOnError: true,
  runProgram: true,
  expectNoChanges: true,
  ignoreProtect: true,
  clearPendingCreates: true,
  previewOnly: true,
  withPreview: true,
} satisfies Record<keyof Flags, true>;

/** Throws `OutOfScope` for flags of the CLI that the rehearsal does not have. */
export function checkFlags(flags: Readonly<Record<string, unknown>>): Flags {
  const given = Object.keys(flags).filter((key) => isGiven(flags[key]));
  const unknown = given.find((key) => !(key in KNOWN));
  if (unknown !== undefined) throw new OutOfScope(`take --${kebab(unknown)}`);
  return flags;
}

const isGiven = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value));

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
