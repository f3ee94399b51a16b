// Says once, quietly, when it is time to close; nothing counts down and nothing sounds.
const place = document.querySelector("[data-closing]");
const LONGEST = 2 ** 31 - 1;

if (place && !place.textContent.trim()) {
  const left = Number(place.dataset.closing) - Date.now();
  if (left > 0 && left < LONGEST) {
    setTimeout(() => {
      place.textContent = "It is time to close.";
    }, left);
  }
}
