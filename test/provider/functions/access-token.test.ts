import { movableClock, service, startEmulated, type Emulated } from "./emulated";

const HOUR = 3_600_000;

describe("getAccessToken", () => {
  let emulated: Emulated;
  const clock = movableClock();
  beforeAll(async () => {
    emulated = await startEmulated(
      [service("fraud", { aadAuthEnabled: true, authEnabled: false }), service("keyed")],
      { clock, tokenLifetime: 12 * 3600 },
      clock,
    );
  });
  afterAll(() => emulated.close());

  const token = (where: object = {}) =>
    emulated.functions.getAccessToken("fraud", { ...emulated.where, ...where });
  const requests = () => emulated.asked().filter((line) => line.endsWith("/token")).length;

  it("tells its times in UTC, and is kept until its time to be refreshed", async () => {
    emulated.emulator.clearRequests();
    const first = await token();
    expect(first).toEqual({
      accessToken: expect.any(String) as unknown,
      tokenType: "Bearer",
      refreshAfter: "2026-11-22T06:00:00.000Z",
      expiryOn: "2026-11-22T12:00:00.000Z",
    });
    clock.move(6 * HOUR - 1);
    expect(await token()).toEqual(first);
    expect(requests()).toBe(1);
    clock.move(1);
    const second = await token();
    expect(second.accessToken).not.toBe(first.accessToken);
    expect(second.refreshAfter).toBe("2026-11-22T12:00:00.000Z");
    expect(requests()).toBe(2);
  });

  it("is asked for once by many callers, when it is new and when it is due", async () => {
    clock.move(24 * HOUR);
    emulated.emulator.clearRequests();
    const all = await Promise.all(Array.from({ length: 8 }, () => token()));
    expect(new Set(all.map(({ accessToken }) => accessToken)).size).toBe(1);
    expect(requests()).toBe(1);
  });

  it("is not shared between askers of another configuration", async () => {
    const other = await token({ config: { "azureml:tenantId": "another" } });
    expect(other.accessToken).not.toBe((await token()).accessToken);
  });

  it("is the same however its service is named", async () => {
    const byId = await emulated.functions.getAccessToken(`${emulated.emulator.workspaceId}/services/fraud`);
    expect(byId.accessToken).toBe(
      (await emulated.functions.getAccessToken("fraud", emulated.where)).accessToken,
    );
  });

  it("does not depend on the machine's time zone", async () => {
    const before = process.env["TZ"];
    process.env["TZ"] = "America/Los_Angeles";
    try {
      emulated.emulator.clearRequests();
      clock.move(24 * HOUR);
      await token();
      await token();
      expect(requests()).toBe(1);
    } finally {
      if (before === undefined) delete process.env["TZ"];
      else process.env["TZ"] = before;
    }
  });

  it("says what a service without tokens says", async () => {
    await expect(emulated.functions.getAccessToken("keyed", emulated.where)).rejects.toMatchObject({
      code: "BadRequest",
      message: expect.stringMatching(/does not use token authentication/) as unknown,
    });
  });

  it("says that the clock is wrong when a new token has ended already, and forgets that token", async () => {
    clock.move(24 * HOUR);
    emulated.emulator.addFault({
      path: "/fraud/token",
      status: 201,
      body: { accessToken: "old", tokenType: "Bearer", refreshAfter: 1, expiryOn: 2 },
    });
    await expect(token()).rejects.toMatchObject({
      code: "ClockSkew",
      message: expect.stringMatching(/ended at 1970-01-01T00:00:02\.000Z.*Set the clock/) as unknown,
    });
    expect((await token()).accessToken).not.toBe("old");
  });

  it("checks the status, so that an error is not taken for a token", async () => {
    clock.move(24 * HOUR);
    emulated.emulator.addFault({ path: "/fraud/token", status: 403, body: { accessToken: "a" } });
    await expect(token()).rejects.toMatchObject({ code: "Forbidden" });
  });
});
