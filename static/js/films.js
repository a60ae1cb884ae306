// What the browser's own controls lack: frame by frame, loop, speed, a frame to go on from. Films beside each other play
// as one: the longest leads, the others follow.
const one = (selector) => document.querySelector(selector);
const films = () => [...document.querySelectorAll("[data-player] video")];
const lead = () => films().reduce((a, b) => (b.duration > a.duration ? b : a));
const perSecond = (film) => film.dataset.fps ?? 25;

// Into the middle of a frame: where one begins may by rounding still be the one before.
const step = (film, frames) => {
  film.pause();
  const now = Math.floor(film.currentTime * perSecond(film));
  film.currentTime = Math.max((now + frames + 0.5) / perSecond(film), 0);
};

// The picture goes with an ordinary form, like any file that somebody chooses.
const send = async (film, moment) => {
  film.pause();
  await new Promise((done) => {
    film.addEventListener("seeked", done, { once: true });
    film.currentTime = moment;
  });
  const canvas = Object.assign(document.createElement("canvas"), { width: film.videoWidth, height: film.videoHeight });
  canvas.getContext("2d").drawImage(film, 0, 0);
  const picture = await new Promise((done) => canvas.toBlob(done));
  const files = new DataTransfer();
  files.items.add(new File([picture], `frame-${moment.toFixed(2)}s.png`, { type: picture.type }));
  const form = one("#frame-form");
  form.elements.frame.files = files.files;
  form.requestSubmit();
};

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  const [first] = films();
  if (!button || !first) return;
  const { frames, frame } = button.dataset;
  const starts = lead().paused;
  for (const film of films()) {
    if (frames) step(film, Number(frames));
    if (button.id === "loop") button.setAttribute("aria-pressed", (film.loop = !film.loop));
    if (button.id === "play") starts ? film.play() : film.pause();
  }
  if (frame && first.duration) send(first, frame === "last" ? first.duration - 0.5 / perSecond(first) : first.currentTime);
  if ("sound" in button.dataset) hear(button.closest("figure").querySelector("video"));
});

document.addEventListener("input", ({ target }) => {
  for (const film of films()) {
    if (target.id === "speed") film.playbackRate = target.value;
    if (target.id === "seek") film.currentTime = Math.min(target.value, film.duration);
  }
});

// Of those that are compared one is heard, and one set of controls is for all.
const hear = (heard) => {
  for (const film of films()) {
    film.controls = false;
    film.muted = film !== heard;
    film.closest("figure").querySelector("[data-sound]")?.setAttribute("aria-pressed", film === heard);
  }
};
if (one("#seek")) hear(films()[0]);

const follow = ({ target }) => {
  const seek = one("#seek");
  if (!seek || !films().includes(target) || target !== lead()) return;
  Object.assign(seek, { max: target.duration, value: target.currentTime });
  one("#play").setAttribute("aria-pressed", !target.paused);
  for (const film of films()) {
    const due = Math.min(target.currentTime, film.duration);
    if (Math.abs(film.currentTime - due) > 0.15) film.currentTime = due;
    if (film.paused && !target.paused && due < film.duration) film.play();
  }
};
// These events do not bubble, but they are seen on their way down.
for (const type of ["timeupdate", "play", "pause", "loadedmetadata"]) document.addEventListener(type, follow, true);
