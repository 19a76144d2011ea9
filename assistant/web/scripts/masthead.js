// The language of the page, and light colours whatever the computer prefers: the style sheet has no others.
function apply() {
  document.documentElement.lang = element.querySelector("[data-language]").dataset.language;
  document.body.classList.remove("dark");
}

apply();
watch("value", apply);
