// A check-in without a connection: one question at a time, each can be left out. What is
// answered stays sealed on the device until it can be sent, once, with its own time.
const { made, say } = globalThis.ownCopy;
const place = document.querySelector("[data-checkin]");

function button(words, act, quiet = false) {
  const one = made("button", words, { type: "button", className: quiet ? "button button-quiet" : "choice" });
  one.addEventListener("click", act);
  return one;
}

const needless = (question, questions, given) => {
  const earlier = questions.find((one) => one.ref === question.asked_if);
  return Boolean(earlier) && given[earlier.ref] === earlier.choices[0][0];
};

// Tick boxes: each has an answer as soon as one is ticked; with none ticked, none has.
function boxes(question, answer) {
  const list = made("div", "", { className: "choices-list" });
  list.setAttribute("role", "group");
  list.setAttribute("aria-label", question.text);
  const fields = question.boxes.map(([ref, words]) => {
    const field = made("input", "", { type: "checkbox", value: ref });
    const label = made("label", "", { className: "choice" });
    label.append(field, made("span", words));
    list.append(label);
    return field;
  });
  const given = () => {
    const some = fields.some((field) => field.checked);
    answer(Object.fromEntries(fields.map((field) => [field.value, some ? Number(field.checked) : null])));
  };
  return [made("p", say("Tick")), list, button(say("On"), given, true)];
}

function ways(question, give) {
  if (question.boxes?.length) return boxes(question, give);
  const answer = (value) => give({ [question.ref]: value });
  if (question.kind === "text") {
    const field = made("textarea", "", { rows: 5, maxLength: 5000 });
    field.setAttribute("aria-label", question.text);
    return [field, button(say("On"), () => answer(field.value || null), true)];
  }
  const list = made("div", "", { className: question.kind === "slider" ? "row" : "choices-list" });
  for (const [value, label] of question.choices) {
    list.append(button(label && question.kind !== "slider" ? label : `${value}`, () => answer(value)));
  }
  const ends = question.choices.filter(([, label]) => label).map(([value, label]) => `${value} ${label}`);
  return question.kind === "slider" ? [list, made("p", ends.join(", "))] : [list];
}

// Asks from one question on; ``finished`` gets all answers by their names.
function ask(questions, given, number, finished) {
  const question = questions[number];
  if (!question) {
    finished(given);
    return;
  }
  const give = (answers) => ask(questions, { ...given, ...answers }, number + 1, finished);
  const refs = question.boxes?.length ? question.boxes.map(([ref]) => ref) : [question.ref];
  const skip = () => give(Object.fromEntries(refs.map((ref) => [ref, null])));
  if (needless(question, questions, given)) {
    skip();
    return;
  }
  const heading = made("h2", question.text, { tabIndex: -1 });
  place.replaceChildren(
    made("p", say("Question", number + 1, questions.length)),
    ...(question.note ? [made("p", question.note)] : []),
    made("p", question.instruction),
    heading,
    ...ways(question, give),
    button(say("Skip"), skip, true),
    ...(question.credit ? [made("p", question.credit, { lang: "en" })] : []),
  );
  heading.focus();
}

globalThis.ownCopy.offer = (checkin, finished) => {
  place.replaceChildren(
    made("h2", say("Open")),
    made("p", say("Many", checkin.questions.length)),
    button(say("Here"), () => ask(checkin.questions, {}, 0, finished), true),
  );
};
globalThis.ownCopy.told = (words, ...more) => place.replaceChildren(made("p", words), ...more);
globalThis.ownCopy.button = button;
