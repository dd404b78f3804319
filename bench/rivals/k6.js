// One GET of 600 bytes and one POST of 1.5 kB in a loop, by 50 users without pauses. k6 checks status and size as
// the others do; bodies are kept, as a journey that looks at its answers needs them.
import http from "k6/http";

export const options = { vus: Number(__ENV.USERS), duration: `${__ENV.SECONDS}s` };

const content = JSON.stringify({
  applicant: "x".repeat(700),
  attachments: ["y".repeat(350), "z".repeat(350)],
});
const sent = { headers: { "Content-Type": "application/json" } };

export default function () {
  const page = http.get(`${__ENV.TARGET}/page`);
  if (page.status !== 200 || page.body.length !== 600) throw new Error(`page: ${page.status}`);
  const answer = http.post(`${__ENV.TARGET}/dossiers`, content, sent);
  if (answer.status !== 200) throw new Error(`dossiers: ${answer.status}`);
}

export function handleSummary(data) {
  const failed = data.metrics.http_req_failed.values.passes;
  return { stdout: JSON.stringify({ requests: data.metrics.http_reqs.values.count, errors: failed }) + "\n" };
}
