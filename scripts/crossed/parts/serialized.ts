import type { Crossing } from "../crossing";
export async function serialized(_: Crossing): Promise<void> {}
