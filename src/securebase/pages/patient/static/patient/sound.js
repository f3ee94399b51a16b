// A soft sound, made on the device and only when it is switched on: a tone that rises and
// falls with the breath, or something like rain. It ends with the exercise.
const LOUDEST = 0.06;
const LOW = 174;
const room = document.querySelector("[data-lead]");
const button = room.querySelector("[data-sound]");
const kind = room.dataset.soundKind;

let sounding = null;

function rain(context, out) {
  const noise = context.createBuffer(1, context.sampleRate * 4, context.sampleRate);
  const drops = noise.getChannelData(0);
  let last = 0;
  for (let n = 0; n < drops.length; n += 1) {
    last = 0.97 * last + 0.03 * (Math.random() * 2 - 1);
    drops[n] = last * 6;
  }
  const source = new AudioBufferSourceNode(context, { buffer: noise, loop: true });
  source.connect(out);
  return source;
}

function tone(context, out) {
  const source = new OscillatorNode(context, { frequency: LOW });
  source.connect(out);
  return source;
}

function begin() {
  const context = new AudioContext();
  const out = new GainNode(context, { gain: 0 });
  out.connect(context.destination);
  const source = kind === "rain" ? rain(context, out) : tone(context, out);
  source.start();
  out.gain.linearRampToValueAtTime(LOUDEST, context.currentTime + 2);
  sounding = { context, source, out };
}

function end() {
  sounding?.context.close();
  sounding = null;
  button.setAttribute("aria-pressed", "false");
}

function follow({ detail: [, seconds, size] }) {
  if (!sounding || kind !== "tone" || !size) return;
  const { context, source } = sounding;
  const { frequency } = source;
  frequency.cancelScheduledValues(context.currentTime);
  frequency.setValueAtTime(frequency.value, context.currentTime);
  frequency.linearRampToValueAtTime(LOW * (0.6 + size / 130), context.currentTime + seconds);
}

button.addEventListener("click", () => {
  if (sounding) {
    end();
    return;
  }
  begin();
  button.setAttribute("aria-pressed", "true");
});
room.addEventListener("cue", follow);
room.addEventListener("lead-wait", () => sounding?.context.suspend());
room.addEventListener("lead-on", () => sounding?.context.resume());
room.addEventListener("lead-end", end);
addEventListener("pagehide", end);
