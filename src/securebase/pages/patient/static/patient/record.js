// Records a voice on a tap, for as long as is allowed, and puts it into the form. Nothing
// leaves the device until the form is kept.
const SECOND = 1000;
const room = document.querySelector("[data-record]");
const input = document.querySelector("[data-sound-file]");
const [go, stop, says] = ["go", "stop", "says"].map((name) =>
  room.querySelector(`[data-record-${name}]`),
);
const most = Number(room.dataset.record);

let recorder = null;
let ending = 0;

function keep(parts, type) {
  const name = `recording.${type.includes("mp4") ? "m4a" : type.includes("ogg") ? "ogg" : "webm"}`;
  const chosen = new DataTransfer();
  chosen.items.add(new File(parts, name, { type }));
  input.files = chosen.files;
  says.textContent = room.dataset.sayDone;
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
  recorder.start();
  ending = setTimeout(() => recorder.stop(), most * SECOND);
  go.hidden = true;
  stop.hidden = false;
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
