// A camera that draws, in the place of the real one: 720p, 30 pictures a second, and a tone. Each
// picture has its time: milliseconds as black and white fields, twenty-four bits in Gray code, so
// that a field on its edge is wrong by one step at most; under them the same inverted, so that what
// cannot be read is known.
{
  const [width, height, rate] = [1280, 720, 30];
  const draw = (ctx, at) => {
    ctx.fillStyle = "#16202b";
    ctx.fillRect(0, 0, width, height);
    for (let n = 0; n < 80; n++) {
      const turn = at / 900 + n;
      ctx.fillStyle = `hsl(${n * 37} 60% 50%)`;
      ctx.fillRect(600 + 560 * Math.sin(turn * (1 + n % 5)), 430 + 200 * Math.cos(turn * 1.3), 90, 60);
    }
    const time = Date.now() % 2 ** 24;
    const code = time ^ (time >> 1);
    for (let bit = 0; bit < 24; bit++)
      for (const row of [0, 1]) {
        ctx.fillStyle = ((code >> bit) & 1) === row ? "#000" : "#fff";
        ctx.fillRect((bit * width) / 24, row * 80, width / 24 + 1, 80);
      }
  };
  navigator.mediaDevices.getUserMedia = async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const ctx = canvas.getContext("2d", { alpha: false });
    draw(ctx, 0);
    setInterval(() => draw(ctx, performance.now()), 1000 / rate);
    const stream = canvas.captureStream(rate);
    const audio = new AudioContext();
    const tone = new OscillatorNode(audio, { frequency: 220 });
    const sound = audio.createMediaStreamDestination();
    tone.connect(sound);
    tone.start();
    stream.addTrack(sound.stream.getAudioTracks()[0]);
    return stream;
  };
}
