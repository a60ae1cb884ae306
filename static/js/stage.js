// Pictures, alone or beside each other, are zoomed and moved as one, each in its .zoomable frame. Scale 1 fits; x and y
// are shares of a picture's size then, so that all show the same spot.
const root = document.documentElement;
const fingers = new Map();
let view = {};
let began, moved;

const pictures = () => [...document.querySelectorAll("[data-zoom] .zoomable > img")];
const actual = (img) => img.getAttribute("width") / img.offsetWidth;
const one = (selector) => document.querySelector(selector);
const between = (low, value, high) => Math.min(Math.max(value, low), high);

const now = () => {
  const stage = one("[data-zoom]");
  if (view.stage !== stage) view = { stage, scale: 1, x: 0, y: 0 };
  return view;
};

const draw = () => {
  const { stage, scale, x, y } = now();
  const button = one("#actual-size");
  stage?.toggleAttribute("data-zoomed", scale > 1);
  button?.setAttribute("aria-pressed", scale > 1);
  for (const img of pictures()) {
    img.style.transform = scale > 1 ? `translate(${x * 100}%, ${y * 100}%) scale(${scale})` : "";
    if (scale > 1) img.sizes = `${img.getAttribute("width")}px`; // now the original is wanted
    if (button.matches(".num")) button.textContent = `${Math.round((100 * scale) / actual(img))} %`;
  }
};

// What is at this point stays there, or else what is in the middle; then all moves by so many pixels.
const zoom = (wanted, img = pictures()[0], at = null, right = 0, down = 0) => {
  if (!img) return;
  const { scale, x, y } = now();
  const to = between(1, wanted, 8 * Math.max(actual(img), 1));
  const box = img.parentElement.getBoundingClientRect();
  const place = (old, point, start, all, side, by) => {
    const spot = at ? (point - start - all / 2) / side : 0;
    const room = Math.max(0, (side * to - all) / 2 / side);
    return between(-room, spot - ((spot - old) / scale) * to + by / side, room);
  };
  view.x = place(x, at?.clientX, box.left, box.width, img.offsetWidth, right);
  view.y = place(y, at?.clientY, box.top, box.height, img.offsetHeight, down);
  view.scale = to;
  draw();
};

const toggle = (img, at) => {
  const full = actual(img);
  zoom(now().scale > 1 ? 1 : full > 1.05 ? full : 2, img, at);
};

const picture = ({ target }) => target.closest("[data-zoom] .zoomable")?.firstElementChild;

// The frame is a link for who has no script, or opens it elsewhere.
document.addEventListener("click", (event) => {
  const by = event.target.closest("[data-zoom-by]");
  const img = picture(event);
  if (by) zoom(now().scale * by.dataset.zoomBy);
  else if (event.target.closest("#actual-size")) toggle(pictures()[0]);
  if (!img || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const isKey = !event.detail;
  if (isKey || (!moved && event.detail === (event.pointerType === "touch" ? 2 : 1))) toggle(img, isKey ? null : event);
});

const wheel = (event) => {
  const img = picture(event);
  if (!img || (!event.ctrlKey && root.scrollHeight > innerHeight)) return;
  event.preventDefault();
  zoom(now().scale * Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 400)), img, event);
};
document.addEventListener("wheel", wheel, { passive: false });

const grip = () => {
  const [a, b = a] = fingers.values();
  const span = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) || 1;
  return { clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2, span };
};

document.addEventListener("pointerdown", (event) => {
  if (!picture(event) || event.button) return;
  if (!fingers.size) [began, moved] = [event, false];
  fingers.set(event.pointerId, event);
});

document.addEventListener("pointermove", (event) => {
  if (!fingers.has(event.pointerId)) return;
  moved ||= Math.hypot(event.clientX - began.clientX, event.clientY - began.clientY) > 4;
  if (!moved) return;
  const old = grip();
  fingers.set(event.pointerId, event);
  const at = grip();
  zoom((now().scale * at.span) / old.span, picture(began) ?? undefined, at, at.clientX - old.clientX, at.clientY - old.clientY);
});

// A wipe over a picture that fits turns the page.
const lift = (event) => {
  if (!fingers.delete(event.pointerId) || event.type !== "pointerup" || event.pointerType !== "touch") return;
  const [right, down] = [event.clientX - began.clientX, event.clientY - began.clientY];
  if (fingers.size || now().scale > 1 || Math.abs(right) < 48 || Math.abs(right) < 1.5 * Math.abs(down)) return;
  one(right < 0 ? "#next" : "#prev")?.click();
};
document.addEventListener("pointerup", lift);
document.addEventListener("pointercancel", lift);

const STEPS = { ArrowLeft: [80, 0], ArrowRight: [-80, 0], ArrowUp: [0, 80], ArrowDown: [0, -80] };
document.addEventListener("keydown", (event) => {
  const step = event.key === "Escape" ? [] : STEPS[event.key];
  if (!step || now().scale === 1 || event.altKey || event.target.closest("input, select")) return;
  if (one(":popover-open, dialog[open]")) return;
  zoom(step.length ? now().scale : 1, undefined, null, ...step);
  event.preventDefault();
});

// While it is held, the first picture gives its place to another one.
let turn = 0;
let kept;
const put = (img, { src, srcset }) => Object.assign(img, { srcset, src });

const flip = () => {
  const [first, ...others] = pictures();
  if (kept || !others.length) return;
  const shown = others[turn++ % others.length];
  kept = { first, src: first.src, srcset: first.srcset };
  put(first, shown);
  first.parentElement.dataset.flipped = shown.parentElement.ariaLabel;
};

const unflip = () => {
  if (!kept) return;
  put(kept.first, kept);
  delete kept.first.parentElement.dataset.flipped;
  kept = undefined;
};

document.addEventListener("keydown", (event) => {
  if (event.key !== " " || !one("#flip") || event.target.closest("input, select, button:not(#flip), [popover]")) return;
  event.preventDefault();
  flip();
});
document.addEventListener("pointerdown", ({ target }) => target.closest("#flip") && flip());
for (const type of ["keyup", "pointerup", "pointercancel", "blur"]) addEventListener(type, unflip);

// The wall as it was left is one step back where we came from it.
const cameFromWall = () => {
  const { navigation } = globalThis;
  const before = navigation?.entries()[navigation.currentEntry.index - 1];
  return before && new URL(before.url).pathname === "/";
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("#to-wall, #details, #full-screen")?.id;
  if (!button) return;
  if (button === "to-wall" && cameFromWall() && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    history.back();
  }
  if (button === "details") root.toggleAttribute("data-bare");
  if (button === "full-screen") document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen?.();
  show();
});

const show = ({ detail } = {}) => {
  draw();
  const current = one("#filmstrip [aria-current]"); // its strip scrolls to it, the page stays where it is
  if (current) current.parentElement.scrollLeft = current.offsetLeft - current.parentElement.clientWidth / 2;
  one("#details")?.setAttribute("aria-expanded", !root.hasAttribute("data-bare"));
  if (detail?.ctx?.target !== "#main") return;
  one("#announce").textContent = `${one(".pos")?.textContent ?? ""} ${one("#prompt-text").textContent}`;
};
addEventListener("htmx:after:swap", show);
for (const type of ["load", "resize"]) addEventListener(type, draw, true);
show();
