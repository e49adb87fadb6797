import { help, PORTS, parseOptions } from './options.ts';

test('everything has a default', () => {
  expect(parseOptions([])).toEqual({ data: undefined, json: false, ports: {} });
});

test('ports are named by what they are for, the API by --port alone', () => {
  const options = parseOptions(['--port', '9000', '--temporal-ui-port=0', '--json']);
  expect(options).toEqual({ data: undefined, json: true, ports: { api: 9000, 'temporal-ui': 0 } });
});

test.each([
  ['--colour'],
  ['--port', 'x'],
  ['--port', '65536'],
  ['--port', '-1'],
  ['here'],
  ['--data='],
])('refuses %s with the list of options', (...args) => {
  expect(() => parseOptions(args)).toThrow(help());
});

test('the help names an option for every port', () => {
  for (const text of Object.values(PORTS)) expect(help()).toContain(text);
  expect(parseOptions(['--port', '1', '-h'])).toBe('help');
});
