// The choice of colours: kept in a cookie, so the server sends the right page at once.
const YEAR = 60 * 60 * 24 * 365;

function show(choice) {
  if (choice) document.documentElement.dataset.theme = choice;
  else delete document.documentElement.dataset.theme;
}

for (const label of document.querySelectorAll("[data-theme-switch]")) {
  const select = label.querySelector("select");
  select.value = document.documentElement.dataset.theme ?? "";
  label.hidden = false;
  select.addEventListener("change", () => {
    const age = select.value ? YEAR : 0;
    document.cookie = `theme=${select.value}; path=/; max-age=${age}; samesite=lax`;
    show(select.value);
  });
}
