// The harness itself: one-time codes agree with the examples of RFC 6238 (its SHA-1 secret, last six digits).
import assert from "node:assert/strict";
import { test } from "node:test";
import { totp } from "../support/totp.mjs";

const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

export default function codes() {
  test("one-time codes are those of RFC 6238", () => {
    assert.equal(totp(SECRET, 59), "287082");
    assert.equal(totp(SECRET, 1111111109), "081804");
    assert.equal(totp(SECRET, 20000000000), "353130");
  });
}
