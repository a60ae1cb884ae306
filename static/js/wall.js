// The wall by hand: select, move and act by keys, drag a card to the composer.
const wall = document.querySelector("#wall");
const mode = document.querySelector("#select-mode");
const all = (what) => [...wall.querySelectorAll(what)];
let last; // picked

const whole = () => document.querySelector("#pick-all"); // everything that matches
const tick = (boxes, on) => boxes.forEach((box) => (box.checked = on));

// Of everything that matches those are ticked that were there when it was counted.
const count = () => {
  const newest = whole().checked ? document.querySelector("#upto")?.value : 0;
  tick(all(".card-pick").filter((box) => +box.value <= newest), true);
  for (const box of all(".day-pick")) box.checked = !box.closest(".day").querySelector(".card-pick:not(:checked)");
  const number = all(".card-pick:checked").length;
  document.querySelector("#selected").textContent = whole().checked ? whole().dataset.told : `${number} selected`;
  const none = !number && !whole().checked;
  for (const button of all(".bulk > .btn:not(.more-of-it), .bulk-more .btn")) button.disabled = none || ("few" in button.dataset && (number < 2 || number > 4));
};

const select = (on) => {
  mode.checked = on;
  if (!on) tick(all(".pick, #pick-all"), false);
  count();
};

// With a range, all from the last one to this one become like this one.
const pick = (box, range) => {
  const boxes = all(".card-pick");
  const ends = [range && last?.isConnected ? last : box, box].map((each) => boxes.indexOf(each));
  tick(boxes.slice(Math.min(...ends), Math.max(...ends) + 1), box.checked);
  last = box;
  whole().checked &&= box.checked;
  select(true);
};

wall.addEventListener("change", ({ target }) => {
  const { checked } = target;
  if (!checked && [mode, whole()].includes(target)) tick(all(".pick, #pick-all"), false);
  if (target.matches(".day-pick")) tick([...target.closest(".day").querySelectorAll(".card-pick")], checked);
  if (target.matches(".day-pick")) whole().checked &&= checked;
  count();
});
document.addEventListener("htmx:after:swap", count);
document.addEventListener("click", ({ target, shiftKey }) => {
  if (target.matches(".card-pick")) pick(target, shiftKey);
  const one = document.getElementById(target.closest("[data-pick]")?.dataset.pick);
  if (one) one.checked = true;
  if (one) pick(one);
  if (target.closest(".bulk [popover] [type=submit]")) wall.querySelector(".bulk :popover-open")?.hidePopover();
});

// The card beside this one, or the nearest of the row above or below.
const beside = (card, key) => {
  const cards = all(".card");
  const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (step) return cards[cards.indexOf(card) + step];
  const here = card.getBoundingClientRect();
  const way = key === "ArrowUp" ? -1 : 1;
  const far = (each) => {
    const box = each.getBoundingClientRect();
    const rows = (box.top - here.top) * way;
    return rows > 8 ? rows * 10 + Math.abs(box.left + box.width / 2 - here.left - here.width / 2) : Infinity;
  };
  return cards.filter((each) => far(each) < Infinity).sort((a, b) => far(a) - far(b))[0];
};

document.addEventListener("keydown", (event) => {
  const { key, target, shiftKey } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector(":popover-open, dialog[open]")) return;
  if (key === "Escape" && mode.checked) select(false);
  const focused = target.closest("#wall .card");
  if (!focused && target !== document.body) return;
  const card = focused ?? wall.querySelector(".card:hover");
  const letter = key.length === 1 && "shortcuts" in document.body.dataset && key.toLowerCase();
  const entered = key === "ArrowRight" && (card ?? wall.querySelector(".card")); // from nowhere into the wall
  const next = focused ? key.startsWith("Arrow") && beside(card, key) : entered;
  const box = letter === "x" && card?.querySelector(".card-pick");
  const button = letter && !shiftKey && !box && card?.querySelector(`[data-key="${CSS.escape(letter)}"]`);
  if (!next && !box && !button) return;
  event.preventDefault();
  next?.querySelector?.("a.card-media, .prompt").focus();
  if (box) box.checked = shiftKey || !box.checked;
  if (box) pick(box, shiftKey);
  if (button) button.click();
});

document.addEventListener("dragstart", ({ target, dataTransfer }) => {
  const card = target.closest?.("[data-output]");
  if (!card) return;
  dataTransfer.setData("application/x-modellix-output", card.dataset.output);
  dataTransfer.setData("text/uri-list", card.querySelector(".prompt").href);
});

// A heart is pressed at once; without an answer it is as before.
const flip = ({ detail: { ctx } }) => {
  const heart = ctx.sourceElement.closest?.(".mark")?.querySelector("button");
  heart?.setAttribute("aria-pressed", heart.getAttribute("aria-pressed") !== "true");
};
document.addEventListener("htmx:before:request", flip);
document.addEventListener("htmx:finally:request", (event) => event.detail.ctx.response?.raw?.ok || flip(event));
count();
