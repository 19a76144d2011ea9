// A marker brings its source into sight, and it stays there while more come; a letter is asked for by turn and number;
// the way back leads to the marker that led here.
let newest;
let shown = "";

const newestGroup = () => element.querySelector(".group:last-of-type")?.dataset.turn;

function light(card) {
  element.querySelectorAll(".group").forEach((group) => { group.hidden = !group.contains(card); });
  element.querySelectorAll(".lit").forEach((lit) => lit.classList.remove("lit"));
  card.classList.add("lit");
}

document.addEventListener("follow", (event) => {
  const card = document.getElementById(event.detail);
  if (!card) return;
  shown = card.id;
  light(card);
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "start" });
  (card.querySelector("mark") ?? card).scrollIntoView({ block: "nearest" });
});

element.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-number]");
  const back = event.target.closest("[data-back]");
  if (opener) trigger("click", { ...opener.dataset });
  if (back) {
    event.preventDefault();
    const here = `[data-source][href="#${back.dataset.back}"]`;
    const origin = document.querySelector(`.followed${here}`) ?? document.querySelector(here);
    origin.focus({ preventScroll: true });
    origin.scrollIntoView({ block: "center" });
  }
});

watch("value", () => {
  if (newestGroup() !== newest) shown = "";
  newest = newestGroup();
  const card = document.getElementById(shown);
  if (card) light(card);
});
