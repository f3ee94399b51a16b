// Breathe along: a circle grows and shrinks, or only words count where movement is not
// wanted. It starts on a tap, stops on a tap or Escape, and ends by itself.
const SECOND = 1000;
const LONGEST = 5 * 60;
const room = document.querySelector("[data-breath]");
const [circle, words, go, stop, pace] = ["circle", "words", "go", "stop", "pace"].map((name) =>
  room.querySelector(`[data-${name}]`),
);
const still = matchMedia("(prefers-reduced-motion: reduce)");
let ticking = 0;
let moving = null;

function move(from, to, seconds) {
  if (still.matches) return;
  moving = circle.animate(
    { transform: [`scale(${from})`, `scale(${to})`] },
    { duration: seconds * SECOND, easing: "ease-in-out", fill: "forwards" },
  );
}

function end() {
  clearInterval(ticking);
  moving?.cancel();
  words.textContent = "Let your breath do what it wants";
  go.hidden = false;
  stop.hidden = true;
}

function start() {
  const [inhale, exhale] = pace.value.split(" ").map(Number);
  let second = 0;
  const tick = () => {
    const here = second % (inhale + exhale);
    if (second >= LONGEST && here === 0) {
      end();
      return;
    }
    if (here === 0) move(0.55, 1, inhale);
    if (here === inhale) move(1, 0.55, exhale);
    words.textContent = here < inhale ? `In, ${here + 1}` : `Out, ${here - inhale + 1}`;
    second += 1;
  };
  tick();
  ticking = setInterval(tick, SECOND);
  go.hidden = true;
  stop.hidden = false;
  stop.focus();
}

room.hidden = false;
go.addEventListener("click", start);
stop.addEventListener("click", () => {
  end();
  go.focus();
});
pace.addEventListener("change", end);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && go.hidden) end();
});
