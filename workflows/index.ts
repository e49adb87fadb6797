export { caseCopy } from './case-copy.ts';
export { downloadLink } from './download-link.ts';
export { evidenceIntake } from './evidence-intake.ts';
export { partnerAccess } from './partner-access.ts';
export { uploadRequest } from './upload-request.ts';
