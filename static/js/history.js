// Earlier prompts: taken from the list, or walked through with Alt and the arrows. Ctrl+Z brings back what was there.
const isPrompt = (element) => element.id === "composer-prompt";
const prompt = () => document.querySelector("#composer-prompt");
let walk = null; // {texts: what was written first, then earlier ones, at: which of them is shown, more: where to go on}
let putting = false;

const put = (text) => {
  const field = prompt();
  putting = true;
  field.focus();
  field.select();
  if (!document.execCommand(text ? "insertText" : "delete", false, text)) field.value = text;
  putting = false;
  field.dispatchEvent(new Event("change", { bubbles: true }));
};

// The same rows that the list shows, with the address of the next ones.
const load = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) return { texts: [] };
  const rows = new DOMParser().parseFromString(await answer.text(), "text/html");
  const texts = [...rows.querySelectorAll("[data-recall]")].map((row) => row.value);
  return { texts, more: rows.querySelector("[data-more]")?.getAttribute("hx-get") };
};

const step = async (by) => {
  walk ??= { texts: [prompt().value], at: 0, more: document.querySelector("#history-rows").getAttribute("hx-get") };
  const mine = walk;
  while (mine.at + by >= mine.texts.length && mine.more) {
    const { texts, more } = await load(mine.more);
    mine.texts.push(...texts.filter((text) => text !== mine.texts[0]));
    mine.more = more;
  }
  if (walk !== mine || !(mine.at + by in mine.texts)) return;
  mine.at += by;
  put(mine.texts[mine.at]);
};

document.addEventListener("keydown", (event) => {
  const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  if (!by) return;
  if (event.altKey && isPrompt(event.target)) {
    event.preventDefault();
    step(by);
  } else if (event.target.closest("#history")) {
    event.preventDefault();
    const stops = [...document.querySelectorAll("#history-words, #history-rows button")];
    stops[stops.indexOf(event.target) - by]?.focus();
  }
});

document.addEventListener("input", ({ target }) => {
  if (isPrompt(target) && !putting) walk = null;
});

document.addEventListener("click", ({ target }) => {
  const row = target.closest("#history [data-recall]");
  if (!row) return;
  walk = null;
  put(row.value);
});
