// The chooser of collections by keys: arrows walk it; Enter presses the only row there is, or goes to the first of several.
const field = () => document.querySelector("#collect-words");
const rows = () => [...document.querySelectorAll("#collect-list button")];
const isCurrent = () => document.querySelector("#collect-list").dataset.words === field().value.trim();
let entered = false; // for words whose rows are on their way

const enter = () => {
  const [first, ...others] = rows();
  entered = false;
  if (others.length) first.focus();
  else first?.click();
};

const walk = (from, by) => {
  const stops = [field(), ...rows()];
  stops[stops.indexOf(from) + by]?.focus();
};

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  const by = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (!target.closest("#collect") || event.isComposing || !(by || (key === "Enter" && target === field()))) return;
  if (by) walk(target, by);
  else if (isCurrent()) enter();
  else entered = true;
  if (!entered) event.preventDefault(); // else the form asks for them
});

document.addEventListener("htmx:after:swap", () => entered && isCurrent() && enter());
