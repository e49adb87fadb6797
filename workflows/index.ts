export { downloadLink } from './download-link.ts';
export { evidenceIntake } from './evidence-intake.ts';
