/** The uploader's page: loaded by the page of whatever takes files. */
import { startUploader } from './page/start.ts';

const section = document.getElementById('uploader');
if (section !== null) void startUploader(section);
