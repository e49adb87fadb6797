import fc from 'fast-check';
import { testManifest } from '../../../test/support/archives.ts';
import { jolietView } from './joliet-view.ts';
import { collectMembers } from './members.ts';
import { primaryView } from './primary-view.ts';
import { buildTree, childrenOf, type Tree } from './tree.ts';
import type { View } from './view.ts';

function treeOf(names: readonly string[]): Tree {
  const files = names.map((name) => ({ name, content: 0 }));
  return buildTree(collectMembers(testManifest(files, { format: 'iso' }), []));
}

/** Names of the files right below `data/`, in the order of their records. */
function payload(tree: Tree, view: View, decode: (bytes: Buffer) => string): string[] {
  const data = Array.from({ length: tree.folders }, (_, node) => node).find(
    (node) => tree.name(node) === 'data',
  );
  return Array.from(childrenOf(tree, view.children, data ?? 0), (node) =>
    decode(view.identifier(node)),
  );
}

function primaryNames(names: readonly string[]): string[] {
  const tree = treeOf(names);
  return payload(tree, primaryView(tree), (bytes) => bytes.toString('latin1'));
}

function jolietNames(names: readonly string[]): string[] {
  const tree = treeOf(names);
  return payload(tree, jolietView(tree), (bytes) =>
    Buffer.from(bytes).swap16().toString('utf16le'),
  );
}

const hostileNames = fc.array(
  fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 130 }),
    fc
      .tuple(fc.constantFrom('x'.repeat(90), 'ж;', 'a~1', 'a~2.txt'), fc.nat(5))
      .map(([start, end]) => `${start}${end}.txt`),
    fc.constantFrom('A', 'a.', 'a.b', 'a_b', 'a;1', 'x~1.txt', `${'X'.repeat(90)}.txt`),
  ),
  { maxLength: 40 },
);

describe('the names of the primary tree', () => {
  it('are upper case, made of what ISO 9660 allows, with a version', () => {
    expect(primaryNames(['interview one.mp4', 'Grüße.txt', 'no extension', 'a.b.c'])).toEqual([
      'A_B.C;1',
      'GR__E.TXT;1',
      'INTERVIEW_ONE.MP4;1',
      'NO_EXTENSION.;1',
    ]);
  });

  it('are unique in a folder, within level 3, and in the order of the standard', () => {
    fc.assert(
      fc.property(hostileNames, (names) => {
        const given = primaryNames(names);
        expect(given).toHaveLength(names.length);
        expect(new Set(given).size).toBe(names.length);
        for (const name of given) {
          expect(name).toMatch(/^[A-Z0-9_]*(?:\.[A-Z0-9_]*;1)?$/);
          expect(name.replace(/[.;]|1$/g, '').length).toBeLessThanOrEqual(30);
        }
        const padded = given.map((name) => name.replace('.', ' '));
        expect(padded.toSorted()).toEqual(padded);
      }),
    );
  });

  it('of 5,000 files with the same start are given in no time', () => {
    const names = Array.from({ length: 5_000 }, (_, index) => `${'ж'.repeat(40)}${index}.jpg`);
    expect(new Set(primaryNames(names)).size).toBe(5_000);
  });
});

describe('the names of the Joliet tree', () => {
  it('are the real ones where they fit', () => {
    expect(jolietNames(['снимок.jpg', '😀.png'])).toEqual(['снимок.jpg', '😀.png']);
  });

  it('keep their extension when they are shortened, and a number that no other has', () => {
    const long = 'x'.repeat(100);
    expect(jolietNames([`${long}.jpg`, `${long}y.jpg`, 'taken~1.png'])).toEqual([
      'taken~1.png',
      `${'x'.repeat(58)}~2.jpg`,
      `${'x'.repeat(58)}~3.jpg`,
    ]);
  });

  it('are never cut within a character', () => {
    const [name = ''] = jolietNames([`a${'😀'.repeat(60)}`]);
    expect(name).toMatch(/^a(?:😀)+~1$/u);
    expect(name.isWellFormed()).toBe(true);
  });

  it('are unique in a folder, also without regard to case, and at most 64 units', () => {
    fc.assert(
      fc.property(hostileNames, (names) => {
        const given = jolietNames(names);
        expect(new Set(given.map((name) => name.toUpperCase().normalize('NFC'))).size).toBe(
          names.length,
        );
        for (const name of given) {
          expect(name.length).toBeLessThanOrEqual(64);
          expect(name).not.toContain(';');
        }
      }),
    );
  });
});
