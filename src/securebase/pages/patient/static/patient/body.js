// Touching a part of the picture ticks the same part of the list; the list does all the
// work, and the picture shows what is ticked by style alone.
const map = document.querySelector("[data-body]");
const picture = map?.querySelector("svg");

picture?.addEventListener("click", (event) => {
  const part = event.target.closest("[data-place]");
  const box = part && map.querySelector(`input[value="${part.dataset.place}"]`);
  box?.click();
});
picture?.setAttribute("data-touch", "");
