// Sends what is recorded through a socket: says once who it is, then a piece every quarter of a
// second. A line that is cut is opened again; each time the recording begins anew.
const PIECE_MS = 250;
const MOST_WAITING = 3 * 1024 * 1024; // bytes that the line has not taken yet
// The room waits half a minute for the picture: until then a try a second, then in peace.
const SOON_MS = 1_000;
const LATER_MS = 8_000;
const SOON_TRIES = 30;
// The best first: H.264 is passed on as it is, the last is drawn anew by the server.
const KINDS = [
  "video/webm;codecs=h264,opus",
  "video/mp4;codecs=avc1.42E01F,opus",
  "video/mp4;codecs=avc1.42E01F,mp4a.40.2",
  "video/webm;codecs=vp8,opus",
];

/** The first kind of video that this browser records; empty: none. */
export const kindOf = (supports) => KINDS.find(supports) ?? "";

/** How long to wait before the next try. */
export const waitOf = (tries) => (tries < SOON_TRIES ? SOON_MS : LATER_MS);

/**
 * `open` answers a new socket, `record` a recorder that has not started. `tell` hears `ready`,
 * `live`, `lost`, `slow` (the line takes less than is recorded: what is recorded next should be
 * smaller) and `over`, the last with a sentence.
 */
export class Sender {
  constructor({ open, record, hello, tell, later = (act, ms) => setTimeout(act, ms) }) {
    this.open = open;
    this.record = record;
    this.hello = hello;
    this.tell = tell;
    this.later = later;
    this.tries = 0;
    this.done = false;
    /** @type {any} */
    this.socket = undefined;
    /** @type {any} */
    this.recorder = undefined;
    this.begin();
  }

  begin() {
    if (this.done) return;
    const socket = this.open();
    this.socket = socket;
    socket.onopen = () => socket.send(JSON.stringify(this.hello()));
    socket.onmessage = ({ data }) => socket === this.socket && this.hear(JSON.parse(data));
    socket.onclose = () => socket === this.socket && this.cut();
  }

  hear(said) {
    if (said.state === "ready") this.start();
    if (said.state === "live") this.tries = 0;
    if (said.state === "over") this.end();
    this.tell(said.state, said.detail);
  }

  start() {
    const { socket } = this;
    const recorder = this.record();
    this.recorder = recorder;
    recorder.ondataavailable = ({ data }) => {
      if (socket !== this.socket || socket.readyState !== 1 || !data.size) return;
      if (socket.bufferedAmount <= MOST_WAITING) return socket.send(data);
      this.tell("slow");
      if (socket === this.socket) socket.close();
    };
    recorder.start(PIECE_MS);
  }

  /** Say something beside what is recorded, while that is sent. */
  say(said) {
    if (this.recorder && this.socket?.readyState === 1) this.socket.send(JSON.stringify(said));
  }

  halt() {
    if (this.recorder?.state === "recording") this.recorder.stop();
    this.recorder = undefined;
  }

  cut() {
    this.halt();
    if (this.done) return;
    this.tell("lost");
    this.later(() => this.begin(), waitOf(this.tries++));
  }

  /** Begin anew with another camera or microphone. */
  again() {
    this.tries = 0;
    this.socket?.close();
  }

  /** Send nothing more. */
  end() {
    this.done = true;
    this.halt();
    this.socket?.close();
  }
}
