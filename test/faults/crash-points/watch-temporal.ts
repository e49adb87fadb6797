/** Effects on Temporal: each poke. */
import { WorkflowClient } from '@temporalio/client';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { beginEffect } from './effects.ts';
import { workflowBundle } from './wiring.ts';

type SignalWithStart = (
  this: WorkflowClient,
  type: string,
  options: { readonly workflowId: string },
) => Promise<unknown>;

/** Makes each poke an effect, and gives workers the workflows bundled already. */
export function watchTemporal(): void {
  const signalWithStart = WorkflowClient.prototype.signalWithStart as unknown as SignalWithStart;
  const watched: SignalWithStart = async function (type, options) {
    const effect = beginEffect(`poke of ${options.workflowId.split(':')[0]}`);
    const handle = await signalWithStart.call(this, type, options);
    effect.done();
    return handle;
  };
  WorkflowClient.prototype.signalWithStart =
    watched as unknown as typeof WorkflowClient.prototype.signalWithStart;

  const create = Worker.create.bind(Worker);
  Worker.create = (options: WorkerOptions) => {
    const { workflowsPath, ...rest } = options;
    const bundled = { workflowBundle: { codePath: workflowBundle() } };
    return create(workflowsPath === undefined ? options : { ...rest, ...bundled });
  };
}
