// A passkey that does not work says so on the page, not only in the console.
const place = document.querySelector("[data-passkey-says]");
const byNumber = /^[\d.]+$|^\[/.test(location.hostname);

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  place.hidden = false;
  place.querySelector("span").textContent = byNumber
    ? place.dataset.sayName
    : place.dataset.sayAgain;
});
