// Alt and a letter press the button that names them, the same in every browser.
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const button = document.querySelector(`[aria-keyshortcuts="Alt+${event.code.replace("Key", "")}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});
