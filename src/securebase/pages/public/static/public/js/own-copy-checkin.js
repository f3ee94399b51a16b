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

function ways(question, answer) {
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
  const skip = (answer) => ask(questions, { ...given, [question.ref]: answer }, number + 1, finished);
  if (needless(question, questions, given)) {
    skip(null);
    return;
  }
  const heading = made("h2", question.text, { tabIndex: -1 });
  place.replaceChildren(
    made("p", say("Question", number + 1, questions.length)),
    ...(question.note ? [made("p", question.note)] : []),
    made("p", question.instruction),
    heading,
    ...ways(question, skip),
    button(say("Skip"), () => skip(null), true),
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
