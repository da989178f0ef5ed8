import { readdirSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./project-folder";

const below = (folder: string): readonly string[] =>
  readdirSync(join(repository(), folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md") && !file.includes("node_modules"))
    .sort()
    .map((file) => join(folder, file));

/** The pages that people read, from the repository on. */
export const pages = (): readonly string[] => [
  ...readdirSync(repository()).filter((file) => file.endsWith(".md")),
  ...below("docs"),
  ...below("examples"),
];
