// Pictures in a [data-zoom] are zoomed and moved as one, each within its own .zoomable frame. Scale 1 is the picture as
// it fits; x and y are shares of its size then, so that pictures of different sizes show the same spot.
const FIT = { scale: 1, x: 0, y: 0 };
const MOST = 8; // times the actual size
const views = new WeakMap();
const fingers = new Map(); // pointers that are down → where they were last
let held, moved;

const view = (root) => views.get(root) ?? FIT;
const roots = () => document.querySelectorAll("[data-zoom]");
const pictures = (root) => [...root.querySelectorAll(".zoomable > img")];
const actual = (img) => img.getAttribute("width") / img.offsetWidth || 1;
const within = (value, most) => Math.min(Math.max(value, -most), most);
const room = (share, scale, side, frame) => within(share, Math.max(0, (side * scale - frame) / 2 / side));

const draw = (root) => {
  const { scale, x, y } = view(root);
  for (const img of pictures(root)) {
    img.style.transform = scale === 1 ? "" : `translate(${x * 100}%, ${y * 100}%) scale(${scale})`;
    if (scale > 1) img.sizes = `${img.getAttribute("width")}px`; // now the original is wanted
  }
  root.toggleAttribute("data-zoomed", scale > 1);
  const [first] = pictures(root);
  const button = document.querySelector("[data-zoom-to=actual]");
  if (!first || !button) return;
  if (button.matches(".num")) button.textContent = `${Math.round((100 * scale) / actual(first))} %`;
  button.setAttribute("aria-pressed", scale > 1);
};

const set = (root, img, scale, x, y) => {
  const frame = img.parentElement;
  x = room(x, scale, img.offsetWidth, frame.clientWidth);
  y = room(y, scale, img.offsetHeight, frame.clientHeight);
  views.set(root, scale === 1 ? FIT : { scale, x, y });
  draw(root);
};

// What is under the pointer stays there; without a pointer, what is in the middle.
const zoom = (root, wanted, img = pictures(root)[0], at) => {
  if (!img) return;
  const { scale, x, y } = view(root);
  const to = Math.min(Math.max(wanted, 1), MOST * Math.max(actual(img), 1));
  const box = img.parentElement.getBoundingClientRect();
  const u = at ? (at.clientX - box.left - box.width / 2) / img.offsetWidth : 0;
  const v = at ? (at.clientY - box.top - box.height / 2) / img.offsetHeight : 0;
  set(root, img, to, u - ((u - x) / scale) * to, v - ((v - y) / scale) * to);
};

const toggle = (root, img, at) => {
  const full = actual(img ?? pictures(root)[0]);
  zoom(root, view(root).scale > 1 ? 1 : full > 1.05 ? full : 2, img, at);
};

const pan = (root, img, right, down) => {
  const { scale, x, y } = view(root);
  set(root, img, scale, x + right / img.offsetWidth, y + down / img.offsetHeight);
};

const parts = (target) => {
  const frame = target.closest?.(".zoomable");
  return frame && { root: frame.closest("[data-zoom]"), img: frame.querySelector("img") };
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-zoom-by], [data-zoom-to]");
  const root = button && roots()[0];
  if (root && button.dataset.zoomBy) zoom(root, view(root).scale * Number(button.dataset.zoomBy));
  else if (root) toggle(root);
  const on = parts(event.target);
  if (!on?.root || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault(); // the link to the original is for who has no script
  const touches = event.pointerType === "touch";
  if (!moved && event.detail === (touches ? 2 : 1)) toggle(on.root, on.img, event);
  if (!event.detail) toggle(on.root, on.img); // by the keyboard
});

document.addEventListener(
  "wheel",
  (event) => {
    const on = parts(event.target);
    const scrolls = document.documentElement.scrollHeight > innerHeight;
    if (!on?.root || (scrolls && !event.ctrlKey)) return;
    event.preventDefault();
    zoom(on.root, view(on.root).scale * Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 400)), on.img, event);
  },
  { passive: false },
);

document.addEventListener("pointerdown", (event) => {
  const on = parts(event.target);
  if (!on?.root || event.button) return;
  if (!fingers.size) moved = false;
  held = on;
  fingers.set(event.pointerId, event);
});

document.addEventListener("pointermove", (event) => {
  const before = fingers.get(event.pointerId);
  if (!before || !held.img.isConnected) return;
  const [right, down] = [event.clientX - before.clientX, event.clientY - before.clientY];
  if (!moved && Math.hypot(right, down) < 4) return;
  moved = true;
  const [other] = [...fingers].filter(([id]) => id !== event.pointerId).map(([, finger]) => finger);
  const apart = (finger) => Math.hypot(finger.clientX - other.clientX, finger.clientY - other.clientY);
  if (other) zoom(held.root, (view(held.root).scale * apart(event)) / apart(before), held.img, other);
  else pan(held.root, held.img, right, down);
  if (other || view(held.root).scale > 1) fingers.set(event.pointerId, event);
});

const lift = (event) => {
  const began = fingers.get(event.pointerId);
  fingers.delete(event.pointerId);
  if (!began || event.type === "pointercancel" || fingers.size || view(held.root).scale > 1) return;
  const [right, down] = [event.clientX - began.clientX, event.clientY - began.clientY];
  if (event.pointerType !== "touch" || Math.abs(right) < 48 || Math.abs(right) < 1.5 * Math.abs(down)) return;
  document.querySelector(`[data-key=${right < 0 ? "ArrowRight" : "ArrowLeft"}]`)?.click();
};
document.addEventListener("pointerup", lift);
document.addEventListener("pointercancel", lift);

const STEPS = { ArrowLeft: [80, 0], ArrowRight: [-80, 0], ArrowUp: [0, 80], ArrowDown: [0, -80] };
document.addEventListener("keydown", (event) => {
  const root = [...roots()].find((each) => view(each).scale > 1);
  if (!root || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const step = STEPS[event.key];
  if (event.key === "Escape" && !document.querySelector(":popover-open")) zoom(root, 1);
  else if (step) pan(root, pictures(root)[0], ...step);
  else return;
  event.preventDefault(); // the same keys turn the page otherwise
});

const redraw = () => roots().forEach(draw);
document.addEventListener("htmx:after:swap", redraw);
document.addEventListener("load", ({ target }) => target.closest?.("[data-zoom]") && redraw(), true);
addEventListener("resize", redraw);
redraw();
