// The outbox's requests to the server, and what their answers mean.
import { fragment, post } from "../../js/page.js";

/**
 * @typedef {{status: number, code?: string | null, text: string, body: Element | null,
 *   fragment?: Element | null}} Answer what became of one press
 */

/**
 * Send presses, a lone one to `one`, several together to `many`.
 *
 * `answers`: one for each press; without them it is not known whether they arrived. `late`: there
 * is a line, and it is bad. `strange`: neither sent nor refused by us.
 * @param {{one: string, many: string}} addresses
 * @param {import("./outbox.js").Press[]} presses
 * @param {number} patience in ms
 * @returns {Promise<{answers?: Answer[], late?: boolean, strange?: "old page" | "signed out"}>}
 */
export async function send({ one, many }, presses, patience) {
  const alone = presses.length === 1;
  let response;
  let shown;
  try {
    response = await post(alone ? one : many, fieldsOf(presses), { patience });
    if (response.status === 401) return { late: false, strange: "signed out" };
    if (response.status >= 500 || response.status === 429) return { late: false };
    shown = fragment(await response.text());
  } catch (error) {
    return { late: /** @type {Error} */ (error).name === "TimeoutError" };
  }
  const code = response.headers.get("X-Error-Code");
  if (code || (alone && response.status === 201)) {
    // A batch that is refused as a whole is refused for each.
    return {
      answers: presses.map(() => read(shown, response.status, code)),
      late: false,
    };
  }
  const answers = [...shown.querySelectorAll("[data-answer]")];
  if (!alone && answers.length === presses.length)
    return {
      answers: answers.map(({ dataset }, place) =>
        read(answers[place], Number(dataset.answer), dataset.code),
      ),
      late: false,
    };
  return {
    late: false,
    strange: response.type === "opaqueredirect" ? "signed out" : "old page",
  };
}

function fieldsOf(presses) {
  const alone = presses.length === 1;
  const body = new FormData();
  if (!alone) body.set("presses", String(presses.length));
  for (const [place, { fields }] of presses.entries())
    for (const [name, value] of Object.entries(fields))
      if (value !== undefined && value !== "")
        body.set(alone ? name : `${place}-${name}`, String(value));
  return body;
}

/** Return what the server says at this address; nothing when it does not answer. */
export async function get(address, patience) {
  try {
    const response = await fetch(address, {
      redirect: "manual",
      signal: AbortSignal.timeout(patience),
    });
    if (response.type === "opaqueredirect") return { signedOut: true };
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

/** @returns {Answer} */
function read(place, status, code) {
  const first = place.firstElementChild;
  const toast = first?.matches(".toast");
  return {
    status,
    code,
    text: (first?.querySelector("[data-toast-text]") ?? place).textContent.trim(),
    body: first,
    fragment: status === 201 || toast ? undefined : first,
  };
}
