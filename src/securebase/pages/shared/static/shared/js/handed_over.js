// A device that was handed over for one form. Left alone, it goes to the page that asks
// for it back; a page that comes back from the browser's memory is asked for afresh.
// The server closes the form by itself in any case, at the next step.
const told = document.querySelector("[data-handed-over]").dataset;
let waiting = 0;

function begin() {
  clearTimeout(waiting);
  waiting = setTimeout(() => location.replace(told.handedOver), Number(told.seconds) * 1000);
}

for (const sign of ["pointerdown", "keydown", "scroll"]) addEventListener(sign, begin, { passive: true });
addEventListener("pageshow", (event) => event.persisted && location.reload());
begin();
