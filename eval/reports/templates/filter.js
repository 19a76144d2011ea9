"use strict";

/* Shows only the questions that are chosen. Without this script all of them are there. */

const form = document.getElementById("filter");
const chosen = document.getElementById("chosen");
const questions = [...document.querySelectorAll("article.question")].map((element) => ({
  element,
  text: [...element.children].filter((child) => child.tagName !== "DETAILS").map((child) => child.textContent).join(" ").toLowerCase(),
}));

function choose() {
  const kind = form.elements.kind.value;
  const part = form.elements.part?.value ?? "";
  const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
  const faulty = form.elements.faulty.checked;
  let count = 0;
  for (const { element, text } of questions) {
    const own = element.dataset;
    const shown =
      (!kind || own.kind === kind) &&
      (!part || own.part === part) &&
      (!faulty || own.faults !== "0") &&
      words.every((word) => text.includes(word));
    element.hidden = !shown;
    count += shown ? 1 : 0;
  }
  chosen.textContent = `${count} van de ${questions.length} vragen`;
}

/* A link to a question that is not shown brings it back. */
function reveal() {
  const target = document.getElementById(location.hash.slice(1))?.closest("article.question");
  if (target?.hidden) {
    target.hidden = false;
    target.scrollIntoView();
  }
}

form.hidden = false;
form.addEventListener("input", choose);
form.addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("hashchange", reveal);
choose();
