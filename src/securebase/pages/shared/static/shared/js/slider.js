// The number is the answer; the line moves it. Until the line is touched nothing is answered.
for (const slider of document.querySelectorAll("[data-slider]")) {
  const line = slider.querySelector("[type=range]");
  const number = slider.querySelector("[type=number]");
  line.hidden = false;
  if (number.value !== "") line.value = number.value;
  line.addEventListener("input", () => {
    number.value = line.value;
    number.dispatchEvent(new Event("input", { bubbles: true }));
  });
  number.addEventListener("input", (event) => {
    if (event.isTrusted && number.value !== "") line.value = number.value;
  });
}
