// Starts `emulate`'s GitHub: node run.mjs SEED.json PORT
// Prints one line, {"url": …, "keys": {app id: PEM}}, and ends when its standard input does.
import { readFileSync } from "node:fs";
import { createEmulator } from "emulate";

const [seedFile, port] = process.argv.slice(2);
// The addresses in payloads must name the host that clients use.
const baseUrl = `http://127.0.0.1:${port}`;
const seed = JSON.parse(readFileSync(seedFile, "utf8"));
const emulator = await createEmulator({ service: "github", port: Number(port), baseUrl, seed });
const keys = Object.fromEntries(
  emulator.generatedSecrets.filter((one) => one.kind === "github.app_private_key").map((one) => [one.id, one.value]),
);
console.log(JSON.stringify({ url: baseUrl, keys }));
process.stdin.resume();
process.stdin.on("end", async () => {
  await emulator.close();
  process.exit(0);
});
