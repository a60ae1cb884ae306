// Films that are compared play as one: the longest leads, the others follow. Pictures can be flipped through in place.
const films = () => [...document.querySelectorAll("[data-player] video")];
const lead = () => films().reduce((a, b) => (b.duration > a.duration ? b : a));
const one = (selector) => document.querySelector(selector);

for (const film of films()) film.controls = false; // there is one set for all
for (const film of films().slice(1)) film.muted = true;
one("[data-sound]")?.setAttribute("aria-pressed", true);

const hear = (button) => {
  for (const each of document.querySelectorAll("[data-sound]")) {
    each.setAttribute("aria-pressed", each === button);
    each.closest("figure").querySelector("video").muted = each !== button;
  }
};

document.addEventListener("click", ({ target }) => {
  const sound = target.closest("[data-sound]");
  if (sound) hear(sound);
  if (!target.closest("[data-play]")) return;
  const starts = lead().paused;
  for (const film of films()) starts ? film.play() : film.pause();
});

document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-seek]")) for (const film of films()) film.currentTime = Math.min(target.value, film.duration);
});

// These events do not bubble, but they are seen on their way down.
const follow = ({ target }) => {
  if (!target.matches("[data-player] video") || target !== lead()) return;
  const [seek, play] = [one("[data-seek]"), one("[data-play]")];
  seek.max = target.duration || 1;
  seek.value = target.currentTime;
  play.setAttribute("aria-pressed", !target.paused);
  for (const film of films()) {
    const due = Math.min(target.currentTime, film.duration);
    if (film !== target && Math.abs(film.currentTime - due) > 0.15) film.currentTime = due;
    if (film.paused && !target.paused && due < film.duration) film.play();
  }
};
for (const type of ["timeupdate", "play", "pause", "loadedmetadata"]) document.addEventListener(type, follow, true);

// While it is held, the first picture gives its place to the next one, at each press to another.
const pictures = () => [...document.querySelectorAll(".compare .zoomable > img")];
let turn = 0;
let kept;

const flip = () => {
  const [first, ...others] = pictures();
  if (kept || !others.length) return;
  const shown = others[turn++ % others.length];
  kept = first.src;
  first.dataset.srcset = first.srcset;
  first.srcset = shown.srcset;
  first.src = shown.src;
  first.parentElement.dataset.flipped = shown.parentElement.getAttribute("aria-label");
};

const unflip = () => {
  if (!kept) return;
  const [first] = pictures();
  first.srcset = first.dataset.srcset;
  first.src = kept;
  delete first.parentElement.dataset.flipped;
  kept = undefined;
};

document.addEventListener("keydown", (event) => {
  if (event.key !== " " || event.target.closest("input, select, button:not([data-flip]), [popover]")) return;
  event.preventDefault(); // it would scroll
  if (!event.repeat) flip();
});
document.addEventListener("keyup", ({ key }) => key === " " && unflip());
document.addEventListener("pointerdown", ({ target }) => target.closest("[data-flip]") && flip());
for (const type of ["pointerup", "pointercancel", "blur"]) addEventListener(type, unflip);
