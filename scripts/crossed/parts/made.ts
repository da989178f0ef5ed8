import type { Crossing } from "../crossing";
export async function made(_: Crossing): Promise<void> {}
