// Checks a signed answer of the API: node check-answer.mjs HOST FILE
import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";

const [host, file] = process.argv.slice(2);
const answer = JSON.parse(readFileSync(file));
const { kid } = JSON.parse(Buffer.from(answer.protected, "base64url"));
const { keys } = await (await fetch(`${host}/sharing/keys.json`)).json();
const key = createPublicKey({ key: keys.find((one) => one.kid === kid), format: "jwk" });
const signed = Buffer.from(`${answer.protected}.${answer.payload}`);
console.log(verify(null, signed, key, Buffer.from(answer.signature, "base64url")) ? "the signature holds" : "the signature does not hold");
