/** The data of an image: each member from a sector of its own, the rest of its last sector zeros. */
import type { Members } from './members.ts';
import { type Region, SECTOR, sectorsOf, zeros } from './sectors.ts';

/** Sectors that all data takes. */
export function dataSectors(members: Members): number {
  let sectors = 0;
  for (const size of members.sizes) sectors += sectorsOf(size);
  return sectors;
}

/** First sector of each member's data; 0 for empty ones. The end must be within `MAX_SECTORS`. */
export function placeData(members: Members, start: number): Uint32Array {
  let next = start;
  return Uint32Array.from(members.sizes, (size) => {
    const place = size === 0 ? 0 : next;
    next += sectorsOf(size);
    return place;
  });
}

export function dataRegion(members: Members): Region {
  const ends = new Float64Array(members.count * 2);
  let sectors = 0;
  members.sizes.forEach((size, member) => {
    ends[member * 2] = sectors * SECTOR + size;
    sectors += sectorsOf(size);
    ends[member * 2 + 1] = sectors * SECTOR;
  });
  return {
    ends,
    piece(index) {
      if (index % 2 === 0) return members.content(index / 2);
      return zeros((ends[index] ?? 0) - (ends[index - 1] ?? 0));
    },
  };
}
