import type { EntityManager } from '@mikro-orm/postgresql';
import { ROOT_UNITS, safeFolderName } from '../../../domain/archive/names.ts';
import type { DownloadGrant } from '../../../domain/sharing/download-link/download-session.ts';
import {
  countPackage,
  listPackage,
} from '../../../domain/sharing/download-link/package-contents.ts';

/** Files that are read at once. */
const BATCH = 2_000;

/** A package's names, sizes and SHA-256 as JSON, in pieces: it may list a hundred thousand files. */
export async function* manifestDocument(
  em: EntityManager,
  grant: DownloadGrant,
  fileName: string,
): AsyncGenerator<string> {
  const { organization, caseNumber, title } = grant.archive;
  const { files: fileCount, bytes: totalSize } = await countPackage(em, grant.shareId);
  const head = JSON.stringify({
    shareId: grant.shareId,
    organization: { name: organization },
    case: { caseNumber, title },
    createdAt: grant.createdAt.toISOString(),
    expiresAt: grant.expiresAt.toISOString(),
    package: { format: grant.format, fileName, size: grant.packageSize, etag: grant.packageEtag },
    fileCount,
    totalSize,
  });
  yield `${head.slice(0, -1)},"files":[`;
  const data = `${safeFolderName(caseNumber, ROOT_UNITS)}/data`;
  for (let from = 0; from < fileCount; from += BATCH) {
    const files = await listPackage(em, grant.shareId, { from, limit: BATCH });
    const lines = files.map((file) =>
      JSON.stringify({
        path: `${data}/${file.path}`,
        originalName: file.originalName,
        size: file.size,
        sha256: file.sha256,
        modifiedAt: file.modifiedAt.toISOString(),
      }),
    );
    yield `${from === 0 ? '' : ','}\n${lines.join(',\n')}`;
  }
  yield '\n]}\n';
}
