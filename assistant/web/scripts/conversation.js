// Markers lead to their source, and a new answer is scrolled to and read aloud.
const announcer = document.createElement("div");
announcer.className = "unseen";
announcer.setAttribute("role", "status");
element.closest("main").append(announcer);

let shown = "";

function showSource(link) {
  const card = document.getElementById(link.hash.slice(1));
  document.querySelectorAll(".sources .group").forEach((group) => { group.hidden = !group.contains(card); });
  document.querySelectorAll(".lit").forEach((lit) => lit.classList.remove("lit"));
  document.querySelectorAll(".followed").forEach((followed) => followed.classList.remove("followed"));
  link.classList.add("followed");
  card.classList.add("lit");
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "start" });
  (card.querySelector("mark") ?? card).scrollIntoView({ block: "nearest" });
}

element.addEventListener("click", (event) => {
  const link = event.target.closest("[data-source]");
  if (link) {
    event.preventDefault();
    showSource(link);
  }
});

watch("value", () => {
  const turn = element.querySelector(".turn:last-of-type");
  const showing = turn ? turn.id + turn.dataset.state : "";
  if (showing === shown) return;
  shown = showing;
  announcer.textContent = turn ? turn.querySelector(".reply").innerText : "";
  if (turn) turn.scrollIntoView({ block: "start" });
  document.getElementById("right").scrollTop = 0;
});
