// The poller rests while nobody looks, says when the server is away and what has ended. Clocks tick.
const REST = 30_000;
const SCROLLED = 120; // pixels, below which others' new cards wait to be asked for
const live = () => document.querySelector("#live");
const unfinished = () => Number(live()?.dataset.unfinished);
const polls = (event) => event.detail.ctx?.sourceElement?.id === "live";
let asked = Date.now();
let lost = 0;

// Hidden: a page that waits for something looks now and then, another does not look at all.
const mayRest = () => !unfinished() || Date.now() - asked < REST;

document.addEventListener("htmx:config:request", (event) => {
  const { body } = event.detail.ctx.request;
  if (scrollY > SCROLLED && (polls(event) || body?.has?.("seen"))) body.append("away", "on");
  if (!polls(event)) return;
  if (document.hidden && mayRest()) event.preventDefault();
  else asked = Date.now();
});

// What is in the way: the id of a template in base.html.
let trouble = "";

const say = (id, place) => document.querySelector(place).append(document.getElementById(id).content.cloneNode(true));

const meet = (found) => {
  if (trouble === found) return;
  document.querySelector("#away").replaceChildren();
  if (found) say(found, "#away");
  else say("back", "#messages");
  trouble = found;
};

addEventListener("offline", () => {
  lost = Date.now();
  meet("offline");
});

// What was asked before the network went may still be answered: that is not back. Nobody sent an estimate, so nobody misses it.
document.addEventListener("htmx:finally:request", (event) => {
  const { request, response, sourceElement } = event.detail.ctx;
  if (polls(event)) {
    if (!response || asked > lost) meet(response?.status < 500 ? "" : navigator.onLine ? "silent" : "offline");
  } else if (request.method === "POST" && !response && sourceElement.id !== "estimate") {
    document.querySelector("#messages .unsaved")?.remove();
    say("unsaved", "#messages");
  }
  document.title = (unfinished() ? `(${unfinished()}) ` : "") + document.title.replace(/^\(\d+\) /, "");
});

// One sentence in three seconds; what failed or is unclear is told at once.
const ENDS = { done: 0, failed: 1, expired: 1, unknown: 2 };
let ended = [0, 0, 0];
let telling = 0;

const tell = () => {
  const [ready, failed, unclear] = ended;
  const sentences = [
    ready && `${ready} generation${ready > 1 ? "s are" : " is"} ready.`,
    failed && `${failed} failed.`,
    unclear && `${unclear} need${unclear > 1 ? "" : "s"} a decision.`,
    unfinished() && `${unfinished()} in progress.`,
  ];
  document.querySelector("#announce").textContent = sentences.filter(Boolean).join(" ");
  ended = [0, 0, 0];
  telling = 0;
};

new MutationObserver((changes) => {
  for (const { target, oldValue } of changes) {
    const end = ENDS[target.dataset.state];
    if (end === undefined || oldValue === target.dataset.state) continue;
    ended[end] += 1;
    if (end) telling = clearTimeout(telling);
    telling ||= setTimeout(tell, end ? 100 : 3000);
  }
}).observe(document.body, { subtree: true, attributeFilter: ["data-state"], attributeOldValue: true });

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
