import * as pulumi from "@pulumi/pulumi";

/**
 * Pulumi takes a stack trace for each of the four promises of an output, and shows it only with PULUMI_DEBUG_PROMISE_LEAKS.
 * For a service's outputs that is more than half of what the program's process does. Where the program made the resource Pulumi
 * tells by a trace of its own, which is as long as ever.
 */
export class ShortTraces {
  readonly #limit = Error.stackTraceLimit;

  constructor(opts: pulumi.ResourceOptions | undefined) {
    if (process.env["PULUMI_DEBUG_PROMISE_LEAKS"]) return;
    // A line is left for an error in the program's own code.
    Error.stackTraceLimit = isTransformed(opts) ? 1 : 0;
  }

  end(): void {
    Error.stackTraceLimit = this.#limit;
  }

  /** An error that was made meanwhile, with the lines that it lacks: where the program made the resource. */
  lengthened(error: unknown, constructor: new (...args: never) => object): unknown {
    if (!(error instanceof Error)) return error;
    this.end();
    const here = { stack: "" };
    Error.captureStackTrace(here, constructor);
    const [, ...lines] = here.stack.split("\n");
    error.stack = [error.stack ?? error.message, ...lines].join("\n");
    return error;
  }
}

/** Whether transformations of the program's run while Pulumi makes the resource: its own, or those of what it is part of. */
const isTransformed = (opts: pulumi.ResourceOptions | undefined): boolean => {
  const whole: object | undefined = opts?.parent ?? pulumi.runtime.getStackResource();
  const inherited = (whole as { readonly __transformations?: readonly unknown[] } | undefined)
    ?.__transformations;
  return [opts?.transformations, inherited].some((all) => all !== undefined && all.length > 0);
};
