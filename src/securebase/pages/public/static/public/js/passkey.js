// A passkey that does not work says so on the page, not only in the console.
const place = document.querySelector("[data-passkey-says]");
const byNumber = /^[\d.]+$|^\[/.test(location.hostname);

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  place.hidden = false;
  place.querySelector("span").textContent = byNumber
    ? "Passkeys work only at an address with a name. On this machine, open localhost instead of the number."
    : "That did not work, or it was stopped. Nothing was changed. You can try again or use another way.";
});
