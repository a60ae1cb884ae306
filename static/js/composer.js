// The composer by hand: send with Ctrl+Enter, count characters, step and roll numbers, look for a model.
const form = () => document.querySelector("#composer");
const prompt = () => document.querySelector("#composer-prompt");

// Only the button and Ctrl+Enter send: Enter in a field must not spend money.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.closest("#composer") || event.isComposing) return;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    form().requestSubmit();
  } else if (event.target.matches("input")) event.preventDefault();
});

// Characters as the server counts them: code points, without blanks at the ends.
const count = () => {
  const [counter, length] = [document.querySelector("#prompt-count"), [...prompt().value.trim()].length];
  const longest = Number(counter.dataset.longest);
  counter.textContent = `${length.toLocaleString("en")} / ${longest.toLocaleString("en")}`;
  counter.toggleAttribute("data-over", length > longest);
};

const change = (input, value) => {
  input.value = value;
  input.dispatchEvent(new Event("change", { bubbles: true }));
};

document.addEventListener("input", ({ target }) => {
  if (target.id === "composer-prompt") count();
  if (target.id === "model-search") look(target.value);
});

document.addEventListener("click", ({ target, detail }) => {
  const step = target.closest("[data-step]");
  if (step) {
    const input = step.parentElement.querySelector("input");
    const wanted = (Number(input.value) || 0) + Number(step.dataset.step);
    change(input, Math.min(Math.max(wanted, Number(input.min)), Number(input.max)));
  }
  const roll = target.closest("[data-roll]");
  if (roll) change(document.getElementById(roll.dataset.roll), Math.floor(Math.random() * (Number(roll.dataset.most) + 1)));
  if (detail && target.matches("#models input[type=radio]")) document.querySelector("#models").hidePopover();
});

// What is wrong must be seen.
document.addEventListener("htmx:after:swap", () => {
  for (const details of document.querySelectorAll("#composer details:has([aria-invalid])")) details.open = true;
});

// Models whose name, house or slug has all the words; the headings of empty shelves go too.
const look = (text) => {
  const words = text.toLowerCase().split(/\s+/);
  const options = [...document.querySelectorAll("#models .option")];
  for (const option of options) option.hidden = !words.every((word) => option.dataset.words.includes(word));
  for (const heading of document.querySelectorAll("#models h3")) {
    let next = heading.nextElementSibling;
    while (next?.matches(".option[hidden]")) next = next.nextElementSibling;
    heading.hidden = !next?.matches(".option");
  }
  document.querySelector("#no-model").hidden = options.some((option) => !option.hidden);
};

// A text that came along, from an address or a draft, is shown at once where the composer is a closed sheet.
if (prompt()) {
  if (prompt().value) count();
  if ("open" in form().dataset && getComputedStyle(form()).display === "none") form().showPopover();
}
