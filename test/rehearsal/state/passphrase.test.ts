import { crypterFor, newCrypter } from "../../../rehearsal/state/passphrase";

// A salt that the Pulumi CLI's own passphrase manager made for "password".
const SALT = "v1:fozI5u6B030=:v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ==";

describe("the passphrase secrets manager", () => {
  it("opens what Pulumi encrypted", async () => {
    const crypter = await crypterFor("password", SALT);
    expect(crypter.decrypt(crypter.encrypt("value"))).toBe("value");
  });

  it("knows a wrong passphrase, and does not repeat it", async () => {
    const failed = crypterFor("pa55word", SALT);
    await expect(failed).rejects.toThrow(/incorrect passphrase/);
    await expect(failed).rejects.not.toThrow(/pa55word/);
  });

  it("gives new stacks a salt that opens them again", async () => {
    const made = await newCrypter("x");
    const opened = await crypterFor("x", made.salt);
    expect(opened.decrypt(made.encrypt("geheim ü"))).toBe("geheim ü");
  });

  it("encrypts the same text differently each time", async () => {
    const crypter = await newCrypter("x");
    expect(crypter.encrypt("a")).not.toBe(crypter.encrypt("a"));
  });
});
