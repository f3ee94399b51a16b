// Records a voice on a tap, for as long as is allowed, plays it back on a tap, and puts it
// into the form. Nothing leaves the device until the form is kept.
const SECOND = 1000;
const room = document.querySelector("[data-record]");
const input = document.querySelector("[data-sound-file]");
const [go, stop, listen, says] = ["go", "stop", "listen", "says"].map((name) =>
  room.querySelector(`[data-record-${name}]`),
);
const most = Number(room.dataset.record);

let recorder = null;
let ending = 0;
let playing = null;

function keep(parts, type) {
  const name = `recording.${type.includes("mp4") ? "m4a" : type.includes("ogg") ? "ogg" : "webm"}`;
  const chosen = new DataTransfer();
  chosen.items.add(new File(parts, name, { type }));
  input.files = chosen.files;
  says.textContent = room.dataset.sayDone;
  listen.hidden = false;
}

function hush() {
  playing?.close();
  playing = null;
  listen.setAttribute("aria-pressed", "false");
}

// Played from memory: the page needs no address for it.
async function play() {
  const context = new AudioContext();
  playing = context;
  listen.setAttribute("aria-pressed", "true");
  const buffer = await context.decodeAudioData(await input.files[0].arrayBuffer());
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(context.destination);
  source.addEventListener("ended", hush);
  source.start();
}

async function record() {
  const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  const parts = [];
  recorder = new MediaRecorder(microphone);
  recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
  recorder.addEventListener("stop", () => {
    clearTimeout(ending);
    for (const track of microphone.getTracks()) track.stop();
    keep(parts, recorder.mimeType);
    go.hidden = false;
    stop.hidden = true;
  });
  hush();
  recorder.start();
  ending = setTimeout(() => recorder.stop(), most * SECOND);
  go.hidden = true;
  stop.hidden = false;
  listen.hidden = true;
  says.textContent = room.dataset.sayNow;
  stop.focus();
}

if (navigator.mediaDevices?.getUserMedia && "MediaRecorder" in window) room.hidden = false;
go.addEventListener("click", () =>
  record().catch(() => {
    says.textContent = room.dataset.sayClosed;
  }),
);
stop.addEventListener("click", () => {
  if (recorder?.state === "recording") recorder.stop();
});
listen.addEventListener("click", () => {
  if (playing) hush();
  else play().catch(hush);
});
addEventListener("pagehide", hush);
