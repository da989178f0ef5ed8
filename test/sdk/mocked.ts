import * as pulumi from "@pulumi/pulumi";

export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly id: string | undefined;
  readonly inputs: Record<string, unknown>;
}

const registered: Registered[] = [];

/** Runs programs without an engine: what is registered is kept, and comes back as outputs beside these. */
export const mockEngine = (outputs: Record<string, unknown> = {}) =>
  pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, id, inputs }) => {
        registered.push({ type, name, id, inputs: inputs as Record<string, unknown> });
        return { id: id ?? `${name}-id`, state: { ...(inputs as object), ...outputs } };
      },
      call: () => ({}),
    },
    "ml",
    "prod",
    false,
    "acme",
  );

/** What a program registers, in order, once everything in it is known. */
export const registeredBy = async (program: () => void): Promise<readonly Registered[]> => {
  registered.length = 0;
  program();
  await pulumi.runtime.disconnect();
  return [...registered];
};

/** The value of an output, and whether it is a secret. */
export const valueOf = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => void output.apply((value) => resolve(value)));
