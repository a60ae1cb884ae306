// One generation after another in the same page: full screen, details, the way back, and what the screen reader hears.
const root = document.documentElement;
const strip = () => document.querySelector("#filmstrip [aria-current]");

const show = () => {
  strip()?.scrollIntoView({ block: "nearest", inline: "center" });
  document.querySelector("#details")?.setAttribute("aria-expanded", !root.hasAttribute("data-bare"));
  document.querySelector("#full-screen")?.setAttribute("aria-pressed", Boolean(document.fullscreenElement));
};

// The wall as it was left, with its place and all that was loaded, is one step back where we came from it.
const cameFromWall = () => {
  const index = globalThis.navigation?.currentEntry?.index;
  const before = index && navigation.entries()[index - 1]?.url;
  return before && new URL(before).pathname === "/";
};

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("#back") && cameFromWall()) {
    event.preventDefault();
    history.back();
  } else if (event.target.closest("[data-details]")) root.toggleAttribute("data-bare");
  else if (event.target.closest("[data-full-screen]")) {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (root.requestFullscreen) root.requestFullscreen();
    else root.toggleAttribute("data-bare");
  } else return;
  show();
});
document.addEventListener("fullscreenchange", show);

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  show();
  if (ctx?.sourceElement?.closest?.(".browse") || ctx?.replace)
    document.querySelector("#announce").textContent =
      [document.querySelector(".pos")?.textContent, document.querySelector("#prompt-text")?.textContent].join(" ");
});
show();
