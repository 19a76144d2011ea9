// A letter is asked for by turn and number; the way back leads to the marker that led here.
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
