/**
 * The watermark that is drawn over the video of a copy (product rules, section 3): when and with what it was
 * recorded. On a page it is text over the player; a player that fills the screen leaves the page behind, and
 * draws the same as a track. The file itself is never changed.
 */
import { escapeHtml } from '../../../domain/escape-html.ts';
import type { ReceivedEvidence } from '../../routes/shared-with-me/presenter.ts';
import { type Html, html } from '../html.ts';
import { visible } from '../visible.ts';

/** What it says, part by part: the same in every language and time zone. None where there is nothing to say. */
export function watermarkParts(watermark: ReceivedEvidence['watermark']): readonly string[] {
  if (watermark === null) return [];
  const { recordedAt, model, serialNumber } = watermark;
  const at = recordedAt === null ? null : `${recordedAt.slice(0, 19)}Z`;
  return [at, model, serialNumber].filter((part) => part !== null && part !== '').map(String);
}

/**
 * A player with the watermark over it; the player alone where the watermark has no parts.
 * @param player a `video`, for which this makes what stands between its tags
 * @param track the address of `watermarkTrack`
 * @param name what readers of a screen call the watermark
 */
export function watermarked(
  parts: readonly string[],
  { track, name }: { readonly track: string; readonly name: string },
  player: (inside: Html | null) => Html,
): Html {
  if (parts.length === 0) return player(null);
  const tracked = html`<track kind="captions" src="${track}" label="${name}" default>`;
  return html`<div class="watermarked">${player(tracked)}
<p class="watermark"><span class="visually-hidden">${name}: </span>${parts.map((part) => html`<bdi>${visible(part)}</bdi> `)}</p></div>`;
}

/** The watermark as a WebVTT track with one cue that lasts as long as any video, at the top. */
export function watermarkTrack(parts: readonly string[]): string {
  if (parts.length === 0) return 'WEBVTT\n';
  const text = parts.map((part) => escapeHtml(visible(part))).join(' ');
  return `WEBVTT\n\n00:00.000 --> 999:59:59.999 line:0 position:100% align:end\n${text}\n`;
}
