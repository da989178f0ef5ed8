import { Raised, type PythonClient } from "./python-client";

/** What the Python client says of each service: that there is none, or what it found. */
export const whetherGone = (python: PythonClient, names: readonly string[]): Promise<readonly string[]> =>
  names.reduce<Promise<readonly string[]>>(
    async (before, name) => [...(await before), await sayOf(python, name)],
    Promise.resolve([]),
  );

async function sayOf(python: PythonClient, name: string): Promise<string> {
  try {
    await python.call("serialize", { name });
    return `${name} is there`;
  } catch (error) {
    if (!(error instanceof Raised)) throw error;
    return error.message.split(":")[0] as string;
  }
}
