/** A Node.js, and the @pulumi/pulumi that a program has there. */
export interface Row {
  readonly node: string;
  readonly pulumi: string;
}

/**
 * What is tested beside the repository's own Node.js 20 and @pulumi/pulumi: the oldest and the newest Pulumi that the package's peer
 * range allows. README's table says the same (test/scripts/support.test.ts).
 */
export const MATRIX: readonly Row[] = [
  { node: "20", pulumi: "3.216.0" },
  { node: "22", pulumi: "latest" },
  { node: "24", pulumi: "latest" },
];

/** What installs the packed package, outside. */
export const MANAGERS = ["npm", "pnpm", "yarn", "bun"] as const;

/** `22`, with the newest Pulumi, or `20@3.216.0`. */
export const parseRow = (text: string): Row => {
  const [, node, pulumi = "latest"] = /^([\d.]+)(?:@([\w.-]+))?$/.exec(text) ?? [];
  if (node === undefined)
    throw new Error(`expected NODE or NODE@PULUMI, such as 20@3.216.0, found "${text}"`);
  return { node, pulumi };
};

/** The report of a row, in reports/. */
export const reportOfRow = (row: Row): string => `jest-node${nameOfRow(row)}.json`;

export const nameOfRow = ({ node, pulumi }: Row): string =>
  pulumi === "latest" ? node : `${node}@${pulumi}`;
