// Leads through an exercise, one cue after the other: a shape moves, or only words and
// numbers count where movement is not wanted. It starts on a tap, waits or goes on as one
// likes, stops on a tap or Escape, and ends by itself.
const SECOND = 1000;
const REST = 0.55;
const room = document.querySelector("[data-lead]");
const [shape, words, go, stop, wait, back, next, way] = [
  "shape", "words", "go", "stop", "wait", "back", "next", "way",
].map((name) => room.querySelector(`[data-${name}]`));
const told = room.querySelector("[data-told]");
const still = matchMedia("(prefers-reduced-motion: reduce)");

let cues = [];
let rounds = 1;
let here = 0;
let second = 0;
let ticking = 0;
let size = REST;

const tell = (name, detail) => room.dispatchEvent(new CustomEvent(name, { detail }));
const waits = () => wait.getAttribute("aria-pressed") === "true";
const cue = () => cues[here % cues.length];

function move([, seconds, percent, side]) {
  if (!shape || still.matches || !(percent || side)) return;
  const to = percent ? percent / 100 : size;
  const across = { left: "-60%", right: "60%" }[side] ?? "0";
  shape.animate(
    { transform: [getComputedStyle(shape).transform, `translateX(${across}) scale(${to})`] },
    { duration: (side ? 0.5 : seconds) * SECOND, easing: "ease-in-out", fill: "forwards" },
  );
  size = to;
}

function say([say, seconds]) {
  if (!seconds) words.textContent = say;
  else words.textContent = seconds > 20 ? `${say}, ${seconds - second} s` : `${say}, ${second + 1}`;
}

function show() {
  const now = cue();
  if (second === 0) {
    move(now);
    told.textContent = now[0];
    tell("cue", now);
  }
  say(now);
  back.hidden = Boolean(now[1]) || here === 0;
  next.hidden = Boolean(now[1]) && now[1] < 6;
}

function turn(by) {
  here += by;
  second = 0;
  if (here >= cues.length * rounds) end(true);
  else show();
}

function tick() {
  if (waits() || !cue()[1]) return;
  second += 1;
  if (second >= cue()[1]) turn(1);
  else say(cue());
}

function end(whole = false) {
  clearInterval(ticking);
  for (const one of shape?.getAnimations() ?? []) one.cancel();
  size = REST;
  const { sayBreath, sayAll, sayStopped } = room.dataset;
  words.textContent = "breath" in way.selectedOptions[0].dataset ? sayBreath : whole ? sayAll : sayStopped;
  go.hidden = false;
  for (const one of [stop, wait, back, next]) one.hidden = true;
  wait.setAttribute("aria-pressed", "false");
  tell("lead-end");
}

function start() {
  const { cues: steps, rounds: times } = way.selectedOptions[0].dataset;
  cues = JSON.parse(steps);
  rounds = Number(times);
  here = 0;
  second = 0;
  go.hidden = true;
  stop.hidden = false;
  wait.hidden = !cues[0][1];
  show();
  ticking = setInterval(tick, SECOND);
  stop.focus();
}

room.hidden = false;
go.addEventListener("click", start);
stop.addEventListener("click", () => {
  end();
  go.focus();
});
wait.addEventListener("click", () => {
  wait.setAttribute("aria-pressed", String(!waits()));
  for (const one of shape?.getAnimations() ?? []) {
    if (waits()) one.pause();
    else if (one.playState === "paused") one.play();
  }
  tell(waits() ? "lead-wait" : "lead-on");
});
back.addEventListener("click", () => turn(-1));
next.addEventListener("click", () => turn(1));
way.addEventListener("change", () => go.hidden && end());
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && go.hidden) end();
});
