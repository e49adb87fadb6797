import { outagesOf } from './outages-manners.ts';
import { testOutages } from './outages-suite.ts';

testOutages(outagesOf('temporal'));
