// Ctrl K or Cmd K goes to the field that finds a person, from anywhere at the desk.
const field = document.querySelector("[data-palette]");

document.addEventListener("keydown", (event) => {
  const asked = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k";
  if (!asked || !field || field.offsetParent === null) return;
  event.preventDefault();
  field.focus();
  field.select();
});
