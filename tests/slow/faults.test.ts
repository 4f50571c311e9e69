import { behaviourPresets, type BehaviourPreset } from '../../src/mock/index.ts';
import { describeFaults } from '../suites/fault-matrix.ts';

for (const behaviour of Object.keys(behaviourPresets) as BehaviourPreset[]) describeFaults(behaviour, { isWhole: true });
