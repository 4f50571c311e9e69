export { createMockService } from './service.ts';
export { faults } from './faults.ts';
export { behaviourPresets } from '../contract/behaviour.ts';

export type { MockService, MockServiceOptions } from './service.ts';
export type { Fault, FaultName } from './faults.ts';
export type { SeedCustomer } from './customers.ts';
export type { BehaviourPreset, Refusal, ServiceBehaviour } from '../contract/behaviour.ts';
