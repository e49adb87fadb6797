import type { Claims } from '../engine/ports.ts';

/**
 * Claims over all tabs and windows of a browser, by the Web Locks API; a tab that is closed or crashes
 * lets go of its own. Where a browser has no locks, every claim is granted: sending twice costs time and
 * no more.
 * @param scope what takes the files: another one's are other claims
 */
export function browserClaims(scope: string): Claims {
  return {
    take({ path, size, lastModified }) {
      const { locks } = navigator;
      if (locks === undefined) return Promise.resolve(() => undefined);
      const name = JSON.stringify(['casebridge-upload', scope, path, size, lastModified]);
      return new Promise((resolve, reject) => {
        const held = async (lock: Lock | null): Promise<void> => {
          if (lock === null) return resolve(null);
          await new Promise<void>((release) => resolve(release));
        };
        locks.request(name, { ifAvailable: true }, held).catch(reject);
      });
    },
  };
}
