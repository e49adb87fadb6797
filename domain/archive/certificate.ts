/** The certificate of what was shared, for programs; `certificate-page.ts` says the same to people. */
import type { DescribedManifest } from './manifest.ts';
import { totalSize } from './manifest.ts';
import { linesFile, type TagFile } from './tag-file.ts';

/** How the hashes came to be: `domain/evidence/verify-upload.ts` does it before evidence is active. */
export const HASH_METHOD =
  'After its upload each file was read back from storage, and all of its bytes were hashed with SHA-256. This package gives exactly those stored versions.';

/** What the audit position is worth. */
export const AUDIT_METHOD =
  'The organization keeps its audit as a chain: each event holds the SHA-256 of the event before. The event with this sequence number was the last one before the content of this package was fixed. Its hash lets anyone who is shown the chain check that nothing before it was changed since.';

/** `certificate.json`. */
export function certificateJson(manifest: DescribedManifest): TagFile {
  const { sharing, organization, files } = manifest;
  const head = JSON.stringify({
    share: {
      id: manifest.shareId,
      sharedAt: manifest.createdAt,
      scope: sharing.scope,
      format: manifest.format,
    },
    sharedBy: { name: sharing.sharedBy.name, organization: organization.name },
    case: { caseNumber: manifest.case.number, title: manifest.case.title },
    hashes: { algorithm: 'SHA-256', method: HASH_METHOD },
    audit: { ...sharing.audit, method: AUDIT_METHOD },
    fileCount: files.length,
    totalSize: totalSize(manifest),
  });
  return linesFile('certificate.json', {
    before: `${head.slice(0, -1)},"files":[`,
    items: files,
    line: ({ evidence, evidenceId, path, originalName, size, sha256 }, index) =>
      `${index === 0 ? '\n' : ',\n'}${JSON.stringify({
        evidence: { id: evidenceId, evidenceNumber: evidence.evidenceNumber },
        originalName,
        path: `data/${path}`,
        size,
        sha256,
      })}`,
    after: '\n]}\n',
  });
}
