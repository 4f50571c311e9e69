export { createMockService } from './service.ts';
export { faults } from './faults.ts';
export { transportFaults } from './transport-faults.ts';
export { behaviourPresets } from '../contract/behaviour.ts';

export type { MockService, MockServiceOptions } from './service.ts';
export type { Fault, FaultName } from './faults.ts';
export type { TransportFault, TransportFaultName } from './transport-faults.ts';
export type { AnyFaultName, PlannedFault } from './fault-plan.ts';
export type { ConnectionLost, EndlessBody, Message, Outcome, Service, SlowHeaders } from './outcome.ts';
export type { JournalEntry } from './journal.ts';
export type { CustomerSource, SeedCustomer } from './customers.ts';
export type { BehaviourPreset, Refusal, ServiceBehaviour } from '../contract/behaviour.ts';
