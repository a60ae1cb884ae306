// The poller rests while nobody looks, and says when the server is away. Clocks tick between two answers.
const REST = 30_000;
const live = () => document.querySelector("#live");
const polls = (event) => event.detail.ctx?.sourceElement?.id === "live";
let asked = Date.now();

// Hidden: a page that waits for something looks now and then, a page that waits for nothing does not look at all.
const mayRest = () => !Number(live()?.dataset.unfinished) || Date.now() - asked < REST;

document.addEventListener("htmx:config:request", (event) => {
  if (!polls(event)) return;
  if (document.hidden && mayRest()) event.preventDefault();
  else asked = Date.now();
});

document.addEventListener("htmx:finally:request", (event) => {
  if (polls(event)) document.querySelector("#reconnecting").hidden = event.detail.ctx.response?.status < 500;
  const unfinished = Number(live()?.dataset.unfinished);
  document.title = (unfinished ? `(${unfinished}) ` : "") + document.title.replace(/^\(\d+\) /, "");
});

// <time data-clock="up" data-seconds="6"> says the time since, "down" the time until; data-words in full: "1 min 24 s".
const seen = new WeakMap();

const secondsOf = (clock) => {
  const told = clock.dataset.seconds;
  if (seen.get(clock)?.told !== told) seen.set(clock, { told, at: performance.now() });
  const passed = Math.floor((performance.now() - seen.get(clock).at) / 1000);
  return clock.dataset.clock === "up" ? Number(told) + passed : Math.max(Number(told) - passed, 0);
};

const inWords = (seconds) => {
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return [minutes && `${minutes} min`, (rest || !minutes) && `${rest} s`].filter(Boolean).join(" ");
};

const inFigures = (seconds) =>
  seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

// The ring fills in the time it is expected to take, up to 92 percent; past the usual it is late and just turns.
const fill = (ring, seconds) => {
  const { expected, longest } = ring.dataset;
  ring.setAttribute("stroke-dashoffset", 100 - Math.min(92, Math.round((100 * seconds) / Number(expected))));
  if (seconds > Number(longest)) ring.closest(".state").dataset.late = "";
};

const tick = () => {
  for (const clock of document.querySelectorAll("[data-clock]")) {
    const seconds = secondsOf(clock);
    clock.textContent = "words" in clock.dataset ? inWords(seconds) : inFigures(seconds);
    const ring = clock.closest(".ring-box")?.querySelector("[data-longest]");
    if (ring) fill(ring, seconds);
  }
};
setInterval(tick, 1000);
document.addEventListener("htmx:after:swap", tick); // a clock counts from the moment it came
