import { defineSignal } from '@temporalio/workflow';

/** Says that facts have changed: plan anew. It carries nothing; the facts are in PostgreSQL. */
export const pokeSignal = defineSignal('poke');
