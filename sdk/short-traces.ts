import * as pulumi from "@pulumi/pulumi";

/**
 * Pulumi takes a stack trace for each of the four promises of an output, and shows it only with PULUMI_DEBUG_PROMISE_LEAKS.
 * For a service's outputs that is more than half of what the program's process does. Where the program made the resource Pulumi
 * tells by a trace of its own, which is as long as ever; errors get the lines that they lack from one trace for each resource.
 */
export class ShortTraces {
  readonly #limit = Error.stackTraceLimit;
  readonly #isShort = !process.env["PULUMI_DEBUG_PROMISE_LEAKS"];

  constructor(opts: pulumi.ResourceOptions | undefined) {
    // A line is left for an error in the program's own code.
    if (this.#isShort) Error.stackTraceLimit = isTransformed(opts) ? 1 : 0;
  }

  end(): void {
    Error.stackTraceLimit = this.#limit;
  }

  /** An error that was made meanwhile, with the lines that it lacks: where the program made the resource. */
  lengthened(error: unknown, constructor: Constructor): unknown {
    this.end();
    return this.#isShort ? withLines(error, traceAt(constructor)) : error;
  }

  /** Pulumi also makes the error meanwhile with which a registration or a read may fail later. */
  lengthenLater({ urn }: pulumi.Resource, constructor: Constructor): void {
    if (!this.#isShort) return;
    const trace = traceAt(constructor);
    void (urn as unknown as { promise(): Promise<unknown> }).promise().catch((error: unknown) => {
      throw withLines(error, trace);
    });
  }
}

type Constructor = new (...args: never) => object;

/** Where the program called the constructor. Node.js writes the text when it is asked for. */
const traceAt = (constructor: Constructor): { readonly stack: string } => {
  const trace = { stack: "" };
  Error.captureStackTrace(trace, constructor);
  return trace;
};

/** An error of more than a line was made at another time, and says where. */
const withLines = (error: unknown, trace: { readonly stack: string }): unknown => {
  if (!(error instanceof Error) || (error.stack?.match(/^ +at /gm) ?? []).length > 1) return error;
  const [, ...lines] = trace.stack.split("\n");
  error.stack = [error.stack ?? error.message, ...lines].join("\n");
  return error;
};

/** Whether transformations of the program's run while Pulumi makes the resource: its own, or those of what it is part of. */
const isTransformed = (opts: pulumi.ResourceOptions | undefined): boolean => {
  const whole: object | undefined = opts?.parent ?? pulumi.runtime.getStackResource();
  const inherited = (whole as { readonly __transformations?: readonly unknown[] } | undefined)
    ?.__transformations;
  return [opts?.transformations, inherited].some((all) => all !== undefined && all.length > 0);
};
