// The list of models: look for one, keep to one house, go by keys, take just one, take one away.
const picker = () => document.querySelector("#models");
const options = () => [...document.querySelectorAll("#models .option")];
const boxes = () => options().map((option) => option.querySelector("input"));
const MOST = 6;

// Models of the chosen house whose name, house, type or slug has all the words; the headings of empty shelves go too.
const look = () => {
  if (!options().length) return; // they are on their way
  const words = document.querySelector("#model-search").value.toLowerCase().split(/\s+/);
  const house = document.querySelector("#models [name=house]:checked").value;
  for (const option of options()) {
    const { words: known, house: own } = option.dataset;
    option.hidden = (house && own !== house) || !words.every((word) => known.includes(word));
  }
  for (const heading of document.querySelectorAll("#models h3")) {
    let next = heading.nextElementSibling;
    while (next?.matches(".option[hidden]")) next = next.nextElementSibling;
    heading.hidden = !next?.matches(".option");
  }
  document.querySelector("#no-model").hidden = options().some((option) => !option.hidden);
};

// Sends what is ticked, as the list of models asks the server about it. Until it is there, hidden fields hold its place.
const tick = (wanted) => {
  for (const box of document.querySelectorAll("#models [name=model]")) {
    if (box.type === "hidden" && !wanted(box)) box.remove();
    else box.checked = wanted(box);
  }
  document.querySelector("#model-list").dispatchEvent(new Event("change", { bubbles: true }));
};

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx?.sourceElement?.id === "models-later") look();
});

document.addEventListener("input", ({ target }) => {
  if (target.matches("#model-search")) look();
});

document.addEventListener("change", ({ target }) => {
  if (target.matches("#models [name=house]")) look();
  if (target.matches("#models .pick") && boxes().filter((box) => box.checked).length > MOST) target.checked = false;
});

document.addEventListener("click", (event) => {
  const only = event.target.closest("#models .only");
  const without = event.target.closest("#chosen [name=without]");
  if (only) {
    const kept = only.closest(".option").querySelector("input");
    tick((box) => box === kept);
    picker().hidePopover();
  }
  if (without) {
    event.preventDefault();
    tick((box) => (box.checked || box.type === "hidden") && box.value !== without.value);
    document.querySelector("#choose-model").focus();
  }
});

const step = (from, by) => {
  const shown = boxes().filter((box) => box.offsetParent);
  const next = from.matches(".pick") ? shown.indexOf(from) + by : 0;
  (shown[next] ?? document.querySelector("#model-search")).focus();
};

document.addEventListener("keydown", (event) => {
  if (!event.target.matches("#models .pick, #model-search")) return;
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) step(event.target, by);
  else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) picker().hidePopover();
  else return;
  event.preventDefault();
});
