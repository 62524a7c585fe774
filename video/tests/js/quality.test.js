import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, levelOf } from "../../static/video/quality.js";
import { soundOf, stillOf } from "../../static/video/saver.js";

test("a choice is one of the levels, where there are two", () => {
  assert.deepEqual([levelOf("auto", 2), levelOf("sent", 2), levelOf("small", 2)], [-1, 1, 0]);
  assert.deepEqual([levelOf("sent", 1), levelOf("small", 1)], [-1, -1]);
});

test("a browser that plays HLS itself gets the playlist of its choice", () => {
  const master = "https://cdn.example.org/video/a1/master.m3u8";
  assert.equal(addressOf("auto", master), master);
  assert.equal(addressOf("sent", master), "https://cdn.example.org/video/a1/index.m3u8");
  assert.equal(addressOf("small", master), "https://cdn.example.org/video/a1/small.m3u8");
  assert.equal(addressOf("small", "/video/a1/index.m3u8"), "/video/a1/index.m3u8");
});

test("sound and stills lie beside the playlist; a still has one address for half a minute", () => {
  assert.equal(soundOf("/video/a1/index.m3u8"), "/video/a1/sound.m3u8");
  assert.equal(stillOf("/video/a1/master.m3u8", 65_000), "/video/a1/still.jpg?2");
  assert.equal(stillOf("/video/a1/master.m3u8", 89_999), "/video/a1/still.jpg?2");
});
