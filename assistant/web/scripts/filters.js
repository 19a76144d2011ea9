// What is chosen is this component's value. When its words change, what was chosen stays.
let open = false;

const fields = () => [...element.querySelectorAll("select")];

function count() {
  const label = element.querySelector(".active");
  const chosen = fields().filter((field) => field.value).length;
  const words = chosen === 1 ? label.dataset.one : label.dataset.many.replace("{count}", chosen);
  label.textContent = chosen ? `(${words})` : "";
}

function read() {
  props.value = Object.fromEntries(fields().map((field) => [field.name, field.value]));
  count();
}

function write() {
  const chosen = props.value;
  element.querySelector("details").open = open;
  fields().forEach((field) => {
    field.value = chosen[field.name] ?? "";
    if (field.selectedIndex < 0) field.value = "";
  });
  count();
}

element.addEventListener("toggle", (event) => { open = event.target.open; }, true);
element.addEventListener("change", read);
element.addEventListener("click", (event) => {
  if (!event.target.closest("[data-clear]")) return;
  fields().forEach((field) => { field.value = ""; });
  read();
});
watch("markup", write);
