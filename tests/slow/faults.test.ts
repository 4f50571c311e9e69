import { describeFaults } from '../support/fault-matrix.ts';

describeFaults('documented');
