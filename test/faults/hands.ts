/** What the next `pulumi up` alone does not end. Each kind stands, with its reason, in docs/reliability.md. */
export const hands: readonly string[] = [
  "ServiceGone: pulumi refresh",
  "ModelGone: pulumi refresh",
  "changed outside: pulumi refresh",
  "adopted: its maker deploys it again",
];
