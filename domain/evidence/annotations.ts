/** Notes and markers: what people write to evidence. */
import { v7 } from 'uuid';
import type { Act } from '../act.ts';
import { changedAfter } from '../change.ts';
import type { Staff } from '../identity/staff.ts';
import type { EvidenceId } from '../ids.ts';
import { entryOf } from './commands.ts';
import type { Evidence, MARKER_KINDS } from './evidence.entity.ts';
import { requireEvidence, requireVerified } from './visibility.ts';

export interface Note {
  readonly id: string;
  readonly text: string;
  readonly author: { readonly name: string };
  readonly createdAt: string;
}

export interface Marker {
  readonly kind: (typeof MARKER_KINDS)[number];
  /** From the start of the recording. */
  readonly atSeconds: number;
  readonly text: string;
}

/**
 * Adds a note under the user's name. Notes are part of the evidence, so its version counts up.
 * @throws DomainError `wrong-state` while it is being verified
 */
export async function addNote(
  act: Act,
  staff: Staff,
  evidenceId: EvidenceId,
  text: string,
): Promise<Note> {
  const evidence = await annotated(act, staff, evidenceId);
  const id = v7();
  const createdAt = new Date();
  await act.em.execute(
    `insert into evidence_notes (id, evidence_id, text, author_id, author_name, created_at)
     values (?, ?, ?, ?, ?, ?)`,
    [id, evidence.id, text, staff.id, staff.name, createdAt],
  );
  act.audit({ ...entryOf(evidence), action: 'evidence.noted', data: { noteId: id } });
  return { id, text, author: { name: staff.name }, createdAt: createdAt.toISOString() };
}

/**
 * Adds a marker to a recording.
 * @throws DomainError `wrong-state` while it is being verified
 */
export async function addMarker(
  act: Act,
  staff: Staff,
  evidenceId: EvidenceId,
  marker: Marker,
): Promise<void> {
  const evidence = await annotated(act, staff, evidenceId);
  const id = v7();
  await act.em.execute(
    `insert into evidence_markers (id, evidence_id, kind, at_seconds, text, created_at)
     values (?, ?, ?, ?, ?, ?)`,
    [id, evidence.id, marker.kind, marker.atSeconds, marker.text, new Date()],
  );
  act.audit({
    ...entryOf(evidence),
    action: 'evidence.marked',
    data: { markerId: id, kind: marker.kind },
  });
}

async function annotated(act: Act, staff: Staff, evidenceId: EvidenceId): Promise<Evidence> {
  const evidence = await requireEvidence(act.em, staff, evidenceId, 'evidence.edit', {
    lock: true,
  });
  requireVerified(evidence);
  act.em.assign(evidence, { updatedAt: changedAfter(evidence.updatedAt) });
  return evidence;
}
