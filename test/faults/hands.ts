/** What the next `pulumi up` alone does not end. Each kind stands, with its reason, in docs/reliability.md. */
export const hands: readonly { readonly kind: string; readonly why: string }[] = [
  {
    kind: "ServiceGone: pulumi refresh",
    why: "someone else deleted the service; whether to make it again is for a person to say",
  },
  {
    kind: "changed outside: pulumi refresh",
    why: "someone else changed a managed setting; an update sends only what its preview showed",
  },
  {
    kind: "ModelGone: pulumi refresh",
    why: "someone else deleted the version",
  },
];
