import { defineSignal } from '@temporalio/workflow';
import { POKE } from '../platform/temporal/names.ts';

/** Says that facts have changed: plan anew. It carries nothing; the facts are in PostgreSQL. */
export const pokeSignal = defineSignal(POKE);
