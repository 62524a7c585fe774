import assert from "node:assert/strict";
import { test } from "node:test";
import { kindOf, Sender, waitOf } from "../../static/studio/sender.js";

class Socket {
  readyState = 1;
  bufferedAmount = 0;
  sent = [];

  send(data) {
    this.sent.push(data);
  }

  close() {
    this.readyState = 3;
    this.onclose?.();
  }

  says(state, detail) {
    this.onmessage({ data: JSON.stringify({ state, detail }) });
  }
}

class Recorder {
  state = "inactive";

  start() {
    this.state = "recording";
  }

  stop() {
    this.state = "inactive";
  }
}

function stage() {
  const sockets = [];
  const recorders = [];
  const told = [];
  const waits = [];
  const sender = new Sender({
    open: () => sockets[sockets.push(new Socket()) - 1],
    record: () => recorders[recorders.push(new Recorder()) - 1],
    hello: () => ({ token: "t" }),
    tell: (state) => told.push(state),
    later: (act, ms) => waits.push({ act, ms }),
  });
  return { sender, sockets, recorders, told, waits };
}

test("it says who it is, and records once it is let in", () => {
  const { sockets, recorders, told } = stage();
  sockets[0].onopen();
  assert.deepEqual(sockets[0].sent, ['{"token":"t"}']);
  assert.equal(recorders.length, 0);
  sockets[0].says("ready");
  recorders[0].ondataavailable({ data: { size: 0 } });
  recorders[0].ondataavailable({ data: { size: 3 } });
  assert.equal(sockets[0].sent.length, 2);
  sockets[0].says("live");
  assert.deepEqual(told, ["ready", "live"]);
});

test("a line that is cut is opened again, and the recording begins anew", () => {
  const { sockets, recorders, told, waits } = stage();
  sockets[0].says("ready");
  sockets[0].close();
  assert.equal(recorders[0].state, "inactive");
  assert.equal(told.at(-1), "lost");
  waits[0].act();
  sockets[1].says("ready");
  assert.equal(recorders[1].state, "recording");
  // What the first one still had is not sent into the second socket.
  recorders[0].ondataavailable({ data: { size: 3 } });
  assert.deepEqual(sockets[1].sent, []);
});

test("a line that takes too little is given up, so that nothing piles up", () => {
  const { sockets, recorders, told } = stage();
  sockets[0].says("ready");
  sockets[0].bufferedAmount = 4 * 1024 * 1024;
  recorders[0].ondataavailable({ data: { size: 3 } });
  assert.deepEqual(sockets[0].sent, []);
  assert.deepEqual(told.slice(-2), ["slow", "lost"]);
});

test("what is over is not begun again", () => {
  const { sockets, recorders, told, waits } = stage();
  sockets[0].says("ready");
  sockets[0].says("over", "The stream was ended.");
  assert.deepEqual(told, ["ready", "over"]);
  assert.equal(recorders[0].state, "inactive");
  assert.deepEqual(waits, []);
});

test("tries become rarer, but never stop", () => {
  assert.deepEqual([0, 1, 29, 30, 99].map(waitOf), [1_000, 1_000, 1_000, 8_000, 8_000]);
});

test("H.264 is taken where the browser has it", () => {
  assert.equal(
    kindOf(() => true),
    "video/webm;codecs=h264,opus",
  );
  assert.equal(
    kindOf((kind) => kind.includes("vp8")),
    "video/webm;codecs=vp8,opus",
  );
  assert.equal(
    kindOf(() => undefined),
    "",
  );
});
