// Puts what was opened on the page: words as words, never as markup. Pictures are drawn and
// sounds are played from memory, so the page needs no addresses for them.
const { say } = globalThis.ownCopy;
const room = document.querySelector("[data-own-copy]");

function made(tag, text = "", give = {}) {
  const one = Object.assign(document.createElement(tag), give);
  one.textContent = text;
  return one;
}

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

async function drawn(entry) {
  const picture = await createImageBitmap(new Blob([bytes(entry.data)], { type: entry.type }));
  const canvas = made("canvas", "", { className: "kit-picture" });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", entry.title);
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext("2d").drawImage(picture, 0, 0);
  return canvas;
}

function player(entry) {
  const button = made("button", say("Play"), { className: "button button-quiet", type: "button" });
  let context = null;
  const end = () => {
    context?.close();
    context = null;
    button.textContent = say("Play");
  };
  button.addEventListener("click", async () => {
    if (context) {
      end();
      return;
    }
    context = new AudioContext();
    button.textContent = say("Stop");
    const buffer = await context.decodeAudioData(bytes(entry.data).buffer);
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(context.destination);
    source.addEventListener("ended", end);
    source.start();
  });
  return button;
}

function line(entry) {
  const one = made("li", "", { className: "stack stack-s" });
  const name = made("strong", entry.title);
  if (entry.exercise) {
    one.append(made("a", entry.title, { href: `/me/steady/${entry.exercise}/` }));
  } else one.append(name);
  if (entry.words) one.append(made("p", entry.words, { className: "kit-said" }));
  if (entry.kind === "picture") drawn(entry).then((canvas) => one.append(canvas), () => {});
  if (entry.kind === "sound") one.append(player(entry));
  return one;
}

function plan(parts) {
  return parts.flatMap((part) => {
    const list = made("ul");
    for (const words of part.lines) list.append(callable(words));
    return [made("h3", part.title), list];
  });
}

// A number in a line can be tapped, as in the plan itself.
function callable(words) {
  const one = made("li");
  const number = /\+?\d[\d ()-]{4,}\d|\b(?:999|112|911|988)\b/.exec(words);
  if (!number) {
    one.textContent = words;
    return one;
  }
  const link = made("a", number[0], { href: `tel:${number[0].replaceAll(/[^+\d]/g, "")}` });
  one.append(words.slice(0, number.index), link, words.slice(number.index + number[0].length));
  return one;
}

globalThis.ownCopy.made = made;
globalThis.ownCopy.show = ({ kit, plan: parts }) => {
  const list = made("ol", "", { className: "stack" });
  list.append(...kit.map(line));
  room.querySelector("[data-kit]").replaceChildren(
    made("h2", say("Kit")),
    kit.length ? list : made("p", say("Empty")),
  );
  room.querySelector("[data-plan]").replaceChildren(
    ...(parts.length ? [made("h2", say("Plan")), ...plan(parts)] : []),
  );
};
globalThis.ownCopy.hide = () => {
  for (const part of room.querySelectorAll("[data-kit], [data-plan], [data-checkin]")) {
    part.replaceChildren();
  }
};
