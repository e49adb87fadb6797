/** The page of an invite: the uploader, and handing in what it has sent. */
import { handInPart } from './page/hand-in.ts';
import { startUploader } from './page/start.ts';
import { inviteUploaderWords } from './words/invite-words.ts';

const uploader = document.getElementById('uploader');
const section = document.getElementById('hand-in');
if (uploader !== null && section !== null) {
  void startUploader(uploader, {
    wordsOf: inviteUploaderWords,
    concludes: (voice, call) => handInPart({ section, uploader }, voice, call),
  });
}
