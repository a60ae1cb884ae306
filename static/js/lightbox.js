// Opens the page of one picture over the gallery instead of leaving it, and turns pages by keys and swipes. The same
// keys work where that page stands alone. Each picture keeps its own address.
const box = document.querySelector("dialog.viewer");
const pages = new Map(); // address → promise of its lightbox; of nothing where that page has none, or does not come
let wanted;

const page = (href) => {
  if (!pages.has(href)) pages.set(href, ask(href).catch(() => { pages.delete(href); }));
  return pages.get(href);
};
const ask = async (href) => {
  const answer = await fetch(href);
  return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".lightbox");
};

// The picture of a page that may be turned to next; a film's is its poster.
const warm = async ({ href }) => {
  const { sizes = "", srcset = "", src, poster } = (await page(href))?.querySelector("img, video") ?? {};
  Object.assign(new Image(), { sizes, srcset, src: poster ?? src ?? "" });
};

const show = async (href, record) => {
  wanted = href;
  const lightbox = await page(href);
  if (!lightbox) return location.assign(href);
  if (wanted !== href) return;
  const { key = "Escape" } = document.activeElement.dataset;
  box.querySelector(".lightbox")?.remove();
  box.append(lightbox.cloneNode(true));
  box.firstElementChild.textContent = box.ariaLabel = box.querySelector("h1").textContent;
  if (record === history.pushState) history.scrollRestoration = "manual"; // the gallery stays where it is then put
  record?.call(history, { over: true }, "", href);
  if (!box.open) box.showModal();
  (box.querySelector(`[data-key="${key}"]`) ?? box.querySelector("[data-key=Escape]")).focus();
  if (record === history.pushState) box.querySelector("video")?.play().catch(() => {}); // asked for by name
  box.querySelectorAll("[rel=prev], [rel=next]").forEach(warm);
};

const press = (key) => (box?.open ? box : document).querySelector(`.lightbox [data-key="${key}"]`)?.click();

document.addEventListener("click", (event) => {
  const link = event.target.closest(".piece, .viewer [data-key]");
  if (!box || !link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.dataset.key === "Escape") box.close();
  else show(link.href, box.open ? history.replaceState : history.pushState);
});

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("video, audio")) return;
  if (/^Arrow(Left|Right)$/.test(event.key) || (event.key === "Escape" && !box?.open)) press(event.key);
});

// One finger across the picture, unless it is enlarged.
let from;
document.addEventListener("touchstart", ({ touches }) => {
  from = touches.length === 1 && visualViewport.scale === 1 ? touches[0] : null;
}, { passive: true });
document.addEventListener("touchend", ({ target, changedTouches: [to] }) => {
  if (!from || !target.closest(".lightbox .mid")) return;
  const [across, down] = [to.clientX - from.clientX, to.clientY - from.clientY];
  if (Math.abs(across) > 48 && Math.abs(across) > 2 * Math.abs(down)) press(across < 0 ? "ArrowRight" : "ArrowLeft");
});

// Back and forward. Closed, the gallery has its own address again, and focus is where the last picture hangs.
addEventListener("popstate", () => {
  if (history.state?.over) return show(location.href);
  box?.close();
  history.scrollRestoration = "auto";
});
box?.addEventListener("close", () => {
  wanted = null;
  document.querySelector(`.piece[href="${location.pathname}"]`)?.focus();
  if (history.state?.over) history.back();
});
