/** A reason why a development server cannot run, told to the user as it is, without a stack. */
export class StackError extends Error {
  override readonly name = 'StackError';
}
