// The servers whose video a viewer chose to load: kept in this browser, by name, the newest first.
const NAME = "servers";
const MOST = 50;

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(NAME) ?? "[]");
    return Array.isArray(kept) ? kept.filter((host) => typeof host === "string") : [];
  } catch {
    return [];
  }
}

function write(hosts) {
  try {
    localStorage.setItem(NAME, JSON.stringify(hosts.slice(0, MOST)));
  } catch {
    // nothing is kept here: the next room asks again
  }
}

const others = (host) => read().filter((one) => one !== host);

/** Whether the viewer chose to load video of this server. */
export const isKept = (host) => Boolean(host) && read().includes(host);

export const keep = (host) => write([host, ...others(host)]);

export const forget = (host) => write(others(host));
