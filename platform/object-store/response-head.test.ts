import { MalformedResponseError, parseResponseHead } from './response-head.ts';

const head = (...lines: string[]) => parseResponseHead(lines.join('\r\n'));

describe('the head of a response', () => {
  it('is read whatever the case and order of its headers', () => {
    expect(
      head(
        'HTTP/1.1 206 Partial Content',
        'ETAG: "abc"',
        'content-range: bytes 0-9/100',
        'Content-Length:10 ',
        'X-Other: ',
      ),
    ).toEqual({
      status: 206,
      contentLength: 10,
      contentRange: 'bytes 0-9/100',
      etag: '"abc"',
      keepsAlive: true,
    });
  });

  it.each([
    ['HTTP/1.0 with a length', ['HTTP/1.0 200 OK', 'Content-Length: 1']],
    ['a connection that closes', ['HTTP/1.1 200 OK', 'Content-Length: 1', 'Connection: Close']],
    ['no length', ['HTTP/1.1 200 OK']],
  ])('does not keep the connection with %s', (_, lines) => {
    expect(head(...lines).keepsAlive).toBe(false);
  });

  it('has no plain length under a transfer coding', () => {
    const coded = head('HTTP/1.1 200 OK', 'Content-Length: 5', 'Transfer-Encoding: chunked');
    expect(coded.contentLength).toBeNull();
    expect(coded.keepsAlive).toBe(false);
  });

  it.each([
    ['another protocol', ['SSH-2.0-OpenSSH']],
    ['HTTP/2', ['HTTP/2 200']],
    ['a status that is none', ['HTTP/1.1 20 OK']],
    ['a folded header', ['HTTP/1.1 200 OK', 'A: b', ' folded']],
    ['a space before the colon', ['HTTP/1.1 200 OK', 'Content-Length : 5']],
    ['a negative length', ['HTTP/1.1 200 OK', 'Content-Length: -5']],
    ['a length in hexadecimal', ['HTTP/1.1 200 OK', 'Content-Length: 0x5']],
    ['two lengths', ['HTTP/1.1 200 OK', 'Content-Length: 5', 'Content-Length: 6']],
    ['nothing', ['']],
  ])('is refused for %s', (_, lines) => {
    expect(() => head(...lines)).toThrow(MalformedResponseError);
  });
});
