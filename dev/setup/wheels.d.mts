/** The folder whose `bin` has the server binaries, whether they are installed yet or not. */
export function wheelFolder(): string;
