// What the browser's own controls lack: frame by frame, loop, speed, a frame to go on from. Films beside each other go
// together.
const films = () => [...document.querySelectorAll("[data-player] video")];
const perSecond = (video) => Number(video.dataset.fps) || 25;

// Into the middle of a frame: where one begins may by rounding still be the one before.
const step = (video, frames) => {
  video.pause();
  const now = Math.floor(video.currentTime * perSecond(video));
  video.currentTime = Math.min(Math.max((now + frames + 0.5) / perSecond(video), 0), video.duration);
};

const at = (video, seconds) =>
  new Promise((done) => {
    video.addEventListener("seeked", done, { once: true });
    video.pause();
    video.currentTime = seconds;
  });

// The picture goes with an ordinary form, like any file that somebody chooses.
const send = async (video, which) => {
  const last = video.duration - 0.5 / perSecond(video);
  await at(video, which === "last" ? last : video.currentTime);
  const canvas = Object.assign(document.createElement("canvas"), { width: video.videoWidth, height: video.videoHeight });
  canvas.getContext("2d").drawImage(video, 0, 0);
  const picture = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const files = new DataTransfer();
  files.items.add(new File([picture], `frame-${video.currentTime.toFixed(2)}s.png`, { type: "image/png" }));
  const form = document.querySelector("#frame-form");
  form.elements.frame.files = files.files;
  form.requestSubmit();
};

document.addEventListener("click", ({ target }) => {
  const [frames, loop, frame] = ["frames", "loop", "frame"].map((name) => target.closest(`[data-${name}]`));
  if (frames) for (const video of films()) step(video, Number(frames.dataset.frames));
  if (loop) loop.setAttribute("aria-pressed", films().map((video) => (video.loop = !video.loop))[0]);
  if (frame && films()[0]?.duration) send(films()[0], frame.dataset.frame);
});

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-speed]")) for (const video of films()) video.playbackRate = Number(target.value);
});
