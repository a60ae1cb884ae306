// Cards put in order by pointer, or by a grip and arrow keys. #move tells where one went, or it goes back.
const grid = document.querySelector("[data-order]");
const form = document.querySelector("#move");
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -1e9, End: 1e9 };
let moving, home, taken; // the card in hand, what it stood before, where a pointer took it

const say = (text) => (document.querySelector("#announce").textContent = text);

const hold = (card, on = true) => {
  card.toggleAttribute("data-moving", on);
  card.querySelector("[data-grip]").setAttribute("aria-pressed", on);
  moving = on && card;
  if (on) home = card.nextElementSibling;
};

const put = (card, before) => {
  const focused = document.activeElement; // lost by what moves
  grid.insertBefore(card, before);
  focused.focus();
};

const drop = () => {
  const [card, back] = [moving, home];
  hold(card, false);
  if (card.nextElementSibling === back) return say("Back in its place.");
  form.file.value = card.dataset.file;
  form.after.value = card.previousElementSibling?.dataset.file ?? "";
  form.undo = () => put(card, back);
  form.requestSubmit();
};

addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement === form && !ctx.response?.raw.ok) form.undo();
});

grid.addEventListener("pointerdown", ({ target, button, pointerType, clientX, clientY }) => {
  const held = target.closest(pointerType === "mouse" ? "[data-grip], .card-media" : "[data-grip]");
  if (held && !button && !moving) taken = [held.closest(".card"), clientX, clientY];
});

addEventListener("pointermove", ({ clientX, clientY }) => {
  if (!taken) return;
  const [card, x, y] = taken;
  if (!moving && Math.hypot(clientX - x, clientY - y) > 6) hold(card);
  const over = moving && document.elementFromPoint(clientX, clientY)?.closest("[data-order] > .card");
  if (!over || over === card) return;
  const cards = [...grid.children];
  put(card, cards.indexOf(over) < cards.indexOf(card) ? over : over.nextElementSibling);
});

for (const end of ["pointerup", "pointercancel"])
  addEventListener(end, () => {
    if (taken && moving) drop();
    taken = null;
  });

grid.addEventListener("click", ({ target }) => {
  const grip = target.closest("[data-grip]");
  if (moving) drop();
  else if (grip) {
    hold(grip.closest(".card"));
    say("Picked up. Arrows move it, Enter puts it down, Escape puts it back.");
  }
});

addEventListener("keydown", (event) => {
  const by = STEPS[event.key];
  if (!moving || (!by && event.key !== "Escape")) return;
  event.preventDefault();
  const cards = [...grid.children];
  const place = Math.min(Math.max(cards.indexOf(moving) + by, 0), cards.length - 1);
  if (by) say(`Place ${place + 1} of ${cards.length}.`);
  put(moving, by ? cards.filter((each) => each !== moving)[place] : home);
  if (!by) drop();
}, true); // before the keys of cards
