import { isBusyChange, isBusyCreate, type Busy } from "../../../provider/azure/retry";

const answer = (body: unknown) => ({
  status: 409,
  headers: {},
  text: typeof body === "string" ? body : JSON.stringify(body),
});

it.each<[unknown, Busy, Busy]>([
  // the 409's body, for a create, for a change
  [
    { code: "Conflict", details: [{ code: "OperationInProgress", message: "op-1 is in progress" }] },
    true,
    true,
  ],
  [{ code: "Conflict", message: "Another operation is running on this service." }, true, true],
  [{ code: "Conflict", message: "The service is being updated" }, true, true],
  [{ code: "Conflict", message: "The service is in Transitioning state" }, true, true],
  [{ code: "ServiceAlreadyExists", message: "A service with the name svc already exists" }, false, "perhaps"],
  [{ code: "Conflict", message: "service exists" }, false, "perhaps"],
  [{ code: "Conflict", message: "The name svc is already in use" }, false, "perhaps"],
  [
    { code: "Conflict", message: "A service svc already exists and an operation is in progress" },
    false,
    true,
  ],
  [{ code: "Conflict", message: "etag mismatch" }, false, "perhaps"],
  ["", false, "perhaps"],
])("judges %j", (body, create, change) => {
  expect(isBusyCreate(answer(body))).toBe(create);
  expect(isBusyChange(answer(body))).toBe(change);
});
