// A letter that arrives opens in a dialog, at the words that are cited.
const dialog = element.querySelector("dialog");

element.addEventListener("click", (event) => {
  if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
});

dialog.addEventListener("close", () => { props.value = ""; });

watch("value", () => {
  if (!props.value || dialog.open) return;
  dialog.showModal();
  dialog.querySelector("mark").scrollIntoView({ block: "center" });
});
