// The servers whose video a viewer chose to load: kept in this browser, by name, the newest first.
import { kept, store } from "./store.js";

const NAME = "servers";
const MOST = 50;

function read() {
  const hosts = kept(NAME);
  return Array.isArray(hosts) ? hosts.filter((host) => typeof host === "string") : [];
}

const write = (hosts) => store(NAME, hosts.slice(0, MOST));

const others = (host) => read().filter((one) => one !== host);

/** Whether the viewer chose to load video of this server. */
export const isKept = (host) => Boolean(host) && read().includes(host);

export const keep = (host) => write([host, ...others(host)]);

export const forget = (host) => write(others(host));
