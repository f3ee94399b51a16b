// Draws a chosen picture anew, smaller and upright: what the camera wrote beside it is left
// behind before it leaves the device. Without this script the server takes it out.
const LARGEST = 1280;
const input = document.querySelector("[data-picture]");

async function drawn(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LARGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  return new File([blob], "picture.jpg", { type: "image/jpeg" });
}

input.addEventListener("change", async () => {
  const [file] = input.files;
  if (!file || file.name === "picture.jpg") return;
  try {
    const chosen = new DataTransfer();
    chosen.items.add(await drawn(file));
    input.files = chosen.files;
  } catch {
    // Not a picture this browser can draw: the server says what it can keep.
  }
});
