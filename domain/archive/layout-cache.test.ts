import { createLayout } from './layout.ts';
import { createLayoutCache } from './layout-cache.ts';

function layoutOf(memory: number) {
  return createLayout({ bounds: new Float64Array([0]), memory, piece: () => Buffer.alloc(0) });
}

describe('the layout cache', () => {
  it('makes a layout once, also for many who ask together', async () => {
    const cache = createLayoutCache(100);
    let made = 0;
    const make = async () => {
      made += 1;
      return layoutOf(10);
    };
    const together = await Promise.all([cache.get('a', make), cache.get('a', make)]);
    const later = await cache.get('a', make);
    expect(new Set([...together, later]).size).toBe(1);
    expect(made).toBe(1);
  });

  it('lets the least recently used go first and stays within its bound', async () => {
    const cache = createLayoutCache(100);
    const made: string[] = [];
    const ask = (etag: string) =>
      cache.get(etag, async () => {
        made.push(etag);
        return layoutOf(40);
      });
    await ask('a');
    await ask('b');
    await ask('a');
    await ask('c');
    expect(cache.bytes).toBe(80);
    await ask('a');
    await ask('b');
    expect(made).toEqual(['a', 'b', 'c', 'b']);
  });

  it('does not keep what is larger than all of it', async () => {
    const cache = createLayoutCache(100);
    await cache.get('large', async () => layoutOf(101));
    expect(cache.bytes).toBe(0);
  });

  it('asks again after a failure', async () => {
    const cache = createLayoutCache(100);
    await expect(cache.get('a', () => Promise.reject(new Error('no database')))).rejects.toThrow();
    await expect(cache.get('a', async () => layoutOf(1))).resolves.toBeDefined();
  });
});
