import { asciiName, attachment } from './attachment.ts';

test.each([
  ['2026-0142.zip', '2026-0142.zip'],
  ['Fälle 7.zip', 'Falle_7.zip'],
  ['事件七.zip', 'package.zip'],
  ['../../etc/passwd', '_etc_passwd'],
  ['-rf.zip', '_rf.zip'],
  ['a"b\r\nSet-Cookie: x.zip', 'a_b_Set-Cookie_x.zip'],
  ['$(reboot)`x`.zip', '_reboot_x_.zip'],
])('%j is saved as %s by what knows ASCII only', (name, saved) => {
  expect(asciiName(name, 'package')).toBe(saved);
});

test('a name of any script survives in the encoded form, and nothing breaks out of the header', () => {
  const header = attachment('事件 "七"\r\n\ud800.zip');
  expect(header).toMatch(/^attachment; filename="[A-Za-z0-9._-]+"; filename\*=UTF-8''[\w%.~!-]+$/);
  expect(decodeURIComponent(header.split("''")[1] ?? '')).toBe('事件 "七"\r\n\ufffd.zip');
});

test('a name that is safe everywhere is given once', () => {
  expect(attachment('case-7.audit_1.csv')).toBe('attachment; filename="case-7.audit_1.csv"');
});
