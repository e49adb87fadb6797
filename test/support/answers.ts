/** The ids of what a page of a list has, in its order. */
export function idsOf(answer: {
  readonly body: { readonly data: readonly { readonly id: string }[] };
}): string[] {
  return answer.body.data.map(({ id }) => id);
}

/** Where the faults of a request lie, in the order in which they are told. */
export function pointersOf(answer: {
  readonly body: { readonly errors: readonly { readonly pointer: string }[] };
}): string[] {
  return answer.body.errors.map(({ pointer }) => pointer);
}
