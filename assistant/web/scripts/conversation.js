// Markers lead to their source; a new question is scrolled to, and what is new in its answer is read aloud, once.
const announcer = document.createElement("div");
announcer.className = "unseen";
announcer.setAttribute("role", "log");
element.closest("main").append(announcer);

const open = new Set();
let newest = "";
let told = new Set();
let followed = null;

const lastTurn = () => element.querySelector(".turn:last-of-type");

function follow(link) {
  followed?.classList.remove("followed");
  followed = link;
  followed.classList.add("followed");
  document.dispatchEvent(new CustomEvent("follow", { detail: link.hash.slice(1) }));
}

function tell(turn) {
  const parts = [...turn.querySelectorAll("[data-told]")].filter((part) => !told.has(part.dataset.told));
  parts.forEach((part) => {
    told.add(part.dataset.told);
    announcer.append(Object.assign(document.createElement("p"), { textContent: part.innerText }));
  });
}

function begin(turn) {
  newest = turn?.id ?? "";
  told = new Set();
  followed?.classList.remove("followed");
  followed = null;
  if (newest === "turn-1") open.clear();
  announcer.replaceChildren();
  turn?.scrollIntoView({ block: "start" });
  document.getElementById("right").scrollTop = 0;
}

element.addEventListener("click", (event) => {
  const link = event.target.closest("[data-source]");
  const rewritten = event.target.closest("[data-adjust]");
  if (link) {
    event.preventDefault();
    follow(link);
  }
  if (rewritten) {
    trigger("click", { question: rewritten.dataset.adjust });
    document.querySelector("#question textarea").focus();
  }
});

element.addEventListener("toggle", ({ target }) => {
  if (target.open) open.add(target.id);
  else open.delete(target.id);
}, true);

// The button that stops the model goes away when it is pressed; who pressed it is taken to what it stopped.
document.addEventListener("click", (event) => {
  if (event.target.closest("#stop")) lastTurn()?.focus({ preventScroll: true });
});

watch("value", () => {
  const turn = lastTurn();
  if ((turn?.id ?? "") !== newest) begin(turn);
  if (turn) tell(turn);
  followed?.classList.add("followed");
  open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
});
