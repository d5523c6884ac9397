// Verifies one message by npm's standardwebhooks: {secret, headers, body} on standard input, the type it tells of, or
// the refusal, on standard output.
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

const { secret, headers, body } = JSON.parse(readFileSync(0, "utf8"));
try {
  console.log(new Webhook(secret).verify(body, headers).type);
} catch (error) {
  console.log(error.message);
}
