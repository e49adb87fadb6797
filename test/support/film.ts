/** A video that browsers play, filmed by one: WebM with VP8. */
import type { Page } from 'playwright-core';

/** Runs in a page: paints a square that wanders, and records the canvas while it does. */
const FILMING = `new Promise((resolve, reject) => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
  const pen = canvas.getContext('2d');
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm;codecs=vp8' });
  const parts = [];
  let frames = 0;
  const paint = () => {
    pen.fillStyle = '#f4f1ea';
    pen.fillRect(0, 0, 320, 180);
    pen.fillStyle = '#5e3a24';
    pen.fillRect((frames * 8) % 280, 70, 40, 40);
    frames += 1;
    if (frames === 30) recorder.stop();
    else setTimeout(paint, 40);
  };
  recorder.onstart = paint;
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.onerror = ({ error }) => reject(error);
  recorder.onstop = async () => {
    const film = new Blob(parts, { type: 'video/webm' });
    const player = document.createElement('video');
    // A busy machine may record no frame in time.
    const isPlayable = new Promise((known) => {
      player.onloadeddata = () => known(player.videoWidth > 0);
      player.onerror = () => known(false);
    });
    player.src = URL.createObjectURL(film);
    resolve((await isPlayable) ? Array.from(new Uint8Array(await film.arrayBuffer())) : null);
  };
  pen.fillRect(0, 0, 320, 180);
  recorder.start();
})`;

/** Times that a scene is filmed before it is given up. */
const TAKES = 5;

/** Films a short scene in a page, which stays as it is. */
export async function film(page: Page): Promise<Buffer> {
  for (let take = 0; take < TAKES; take += 1) {
    const bytes = await page.evaluate<number[] | null>(FILMING);
    if (bytes !== null) return Buffer.from(bytes);
  }
  throw new Error('the browser recorded nothing that it plays');
}
