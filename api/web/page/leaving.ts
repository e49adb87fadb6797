/** What the page asks of the browser while files are on their way: not to be left, and not to sleep. */
export function leavingGuard() {
  let isGuarding = false;
  let lock: WakeLockSentinel | null = null;

  function warn(event: BeforeUnloadEvent): void {
    event.preventDefault();
  }

  async function stayAwake(): Promise<void> {
    // Not every browser has it, and none gives it to a page in the background.
    if (!isGuarding || lock !== null || document.visibilityState !== 'visible') return;
    try {
      lock = (await navigator.wakeLock?.request('screen')) ?? null;
      lock?.addEventListener('release', () => {
        lock = null;
      });
    } catch {
      lock = null;
    }
  }
  document.addEventListener('visibilitychange', () => void stayAwake());

  return {
    update(hasUnsent: boolean): void {
      if (hasUnsent === isGuarding) return;
      isGuarding = hasUnsent;
      if (isGuarding) {
        window.addEventListener('beforeunload', warn);
        void stayAwake();
      } else {
        window.removeEventListener('beforeunload', warn);
        void lock?.release();
      }
    },
  };
}
