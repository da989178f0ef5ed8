import { inspect } from "node:util";

/**
 * The error, written out as its message alone. Node.js puts the rejected promise on it, and Pulumi's runner writes out all that can be
 * reached from there: with a resource's outputs that takes most of a minute, and gigabytes of memory. Pulumi also puts the property that it
 * was serializing before the message, which is to begin with the error's code.
 */
export const brief = <Thrown extends Error>(error: Thrown): Thrown => {
  const { message } = error;
  return Object.defineProperties(error, {
    message: { get: () => message, set: () => undefined, configurable: true },
    [inspect.custom]: { value: () => message, configurable: true },
  });
};
