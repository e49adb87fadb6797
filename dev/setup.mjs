// Makes a fresh checkout runnable: npm packages, then the wheels of the development servers. npm runs
// it before `start` and `test`. Everything it says goes to stderr; it says nothing when nothing is to do.
import { SetupError, say } from './setup/progress.mjs';

const OLDEST_NODE = 20;

const major = Number(process.versions.node.split('.')[0]);
if (major < OLDEST_NODE) {
  say(`Casebridge needs Node ${OLDEST_NODE} or later; this is ${process.version}.`);
  process.exit(1);
}

try {
  // Imported only now: an older Node must get the sentence above and not a syntax error.
  const { underLock } = await import('./setup/lock.mjs');
  const { installPackages, packagesAreCurrent } = await import('./setup/packages.mjs');
  const { installWheels, wheelsAreInstalled } = await import('./setup/wheels.mjs');
  if (!packagesAreCurrent() || !wheelsAreInstalled()) {
    await underLock(async () => {
      if (!packagesAreCurrent()) await installPackages();
      if (!wheelsAreInstalled()) await installWheels();
    });
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
