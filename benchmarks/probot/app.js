// Probot with a handler that does nothing. Where TELL_HANDLED is 1 it names the delivery, so that the check before the
// measurement can see that deliveries really come this far.
import { run } from "probot";

const tell = async ({ id }) => console.log(`handled ${id}`);
const nothing = async () => {};

await run((app) => {
  app.on("issues.opened", process.env.TELL_HANDLED === "1" ? tell : nothing);
});
