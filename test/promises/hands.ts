import type { Emulator } from "../../emulator/index";
import { callWorkspace } from "../harness/workspace";

export type Json = Readonly<Record<string, unknown>>;

/** Whoever changes the workspace beside Pulumi, by HTTP and without a line of the provider's code. */
export interface Hands {
  /** The live service; undefined when there is none. */
  live(name: string): Promise<Json | undefined>;
  patch(name: string, operations: readonly object[]): Promise<void>;
  /** As the Python client's deploy: with `overwrite`, what is not in the body is lost. */
  deploy(body: Json): Promise<void>;
  remove(name: string): Promise<void>;
}

export const openHands = (emulator: Emulator): Hands => {
  const send = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const response = await callWorkspace(emulator, method, `/services${path}`, body);
    if (!response.ok && response.status !== 404)
      throw new Error(`by hand: ${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  return Object.freeze({
    live: async (name: string) => {
      const answer = await send("GET", `/${name}`);
      const text = await answer.text();
      return answer.status === 404 ? undefined : (JSON.parse(text) as Json);
    },
    patch: async (name: string, operations: readonly object[]) =>
      void (await send("PATCH", `/${name}`, operations)),
    deploy: async (body: Json) => void (await send("POST", "", body)),
    remove: async (name: string) => void (await send("DELETE", `/${name}`)),
  });
};
