// The order of a collection by hand: a card goes with the pointer, or by its grip and the arrow keys. A form on the page
// (#move) sends where it went; without an answer it goes back.
const grid = document.querySelector("[data-order]");
const form = document.querySelector("#move");
const NEAR = 6; // pixels, within which a press is no drag
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity };
let moving, home, from; // the card in the hand, what it was before, where the pointer took it

const cards = () => [...grid.children];
const say = (text) => (document.querySelector("#announce").textContent = text);
const grip = (card) => card.querySelector("[data-grip]");

const lift = (card) => {
  [moving, home] = [card, card.nextElementSibling];
  card.dataset.moving = "";
  grip(card).setAttribute("aria-pressed", "true");
};

const put = (card, before) => {
  const had = document.activeElement; // a card that moves in the page loses the focus
  grid.insertBefore(card, before);
  if (card.contains(had)) had.focus({ preventScroll: true });
};

const drop = (keep) => {
  const [card, back] = [moving, home];
  delete card.dataset.moving;
  grip(card).setAttribute("aria-pressed", "false");
  moving = from = undefined;
  if (!keep) put(card, back);
  if (card.nextElementSibling === back) return keep || say("Back in its place.");
  form.elements.file.value = card.dataset.file;
  form.elements.before.value = card.nextElementSibling?.dataset.file ?? "";
  form.elements.after.value = card.nextElementSibling ? "" : card.previousElementSibling.dataset.file;
  form.back = () => put(card, back);
  form.requestSubmit();
};

const step = (by) => {
  const all = cards();
  const to = Math.min(Math.max(all.indexOf(moving) + by, 0), all.length - 1);
  put(moving, all.filter((each) => each !== moving)[to] ?? null);
  moving.scrollIntoView({ block: "nearest" });
  say(`Place ${to + 1} of ${all.length}.`);
};

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement !== form || ctx.response?.raw?.ok) return;
  form.back();
  say("Not moved. Try again.");
});

grid.addEventListener("pointerdown", (event) => {
  const { target, button, pointerType } = event;
  const held = target.closest("[data-grip]") || (pointerType === "mouse" && target.closest(".card-media"));
  if (held && !button && !moving) from = { card: held.closest(".card"), x: event.clientX, y: event.clientY };
});

document.addEventListener("pointermove", ({ clientX, clientY, pointerId }) => {
  if (!from) return;
  if (!moving && Math.hypot(clientX - from.x, clientY - from.y) > NEAR) lift(from.card);
  if (!moving) return;
  const over = document.elementFromPoint(clientX, clientY)?.closest("[data-order] > .card");
  if (!over || over === moving) return;
  const all = cards();
  put(moving, all.indexOf(over) > all.indexOf(moving) ? over.nextElementSibling : over);
});

document.addEventListener("pointerup", () => {
  if (moving && from) addEventListener("click", (event) => event.preventDefault(), { capture: true, once: true });
  if (moving && from) drop(true);
  from = undefined;
});
document.addEventListener("pointercancel", () => {
  if (moving && from) drop(false);
  from = undefined;
});

grid.addEventListener("click", ({ target }) => {
  const card = target.closest("[data-grip]")?.closest(".card");
  if (!card) return;
  if (moving) return drop(true);
  lift(card);
  say("In your hand. The arrow keys move it, Enter puts it down, Escape puts it back.");
});

document.addEventListener("keydown", (event) => {
  const by = STEPS[event.key];
  if (!moving || (!by && event.key !== "Escape")) return;
  event.preventDefault();
  if (by) step(by);
  else drop(false);
});
