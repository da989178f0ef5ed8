import { success } from "./success";
import type { Context } from "./workspace";

/**
 * Groups uploaded files under a name, as a model is registered from.
 *
 * @param prefix of the artifacts' ids: a file's own, or that of the folder they are in
 * @returns the asset's id. Twice is harmless: an asset that no model refers to is not seen anywhere.
 */
export async function createAsset(context: Context, name: string, prefix: string): Promise<string> {
  const attempted = { action: `register the files of model "${name}"` };
  const answer = await context.workspace.session.send({
    ...attempted,
    method: "POST",
    url: `${context.workspace.root}/assets`,
    body: { name, artifacts: [{ prefix }] },
    repeatable: true,
    deadline: context.deadline,
  });
  return String(success("createAsset", attempted, answer).body["id"]);
}
