/**
 * Pulumi takes a stack trace for each of the four promises of an output, and shows it only with PULUMI_DEBUG_PROMISE_LEAKS.
 * For a service's outputs that is almost half of what the program's process does. Where the program made the resource Pulumi
 * tells by a trace of its own, which is as long as ever.
 */
export class ShortTraces {
  readonly #limit = Error.stackTraceLimit;

  constructor() {
    // One line is left for an error in a transformation of the program's, which runs meanwhile.
    if (!process.env["PULUMI_DEBUG_PROMISE_LEAKS"]) Error.stackTraceLimit = 1;
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
