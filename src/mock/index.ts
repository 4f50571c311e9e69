export { createMockService } from './service.ts';
export { faults } from './faults/promises.ts';
export { transportFaults } from './faults/transport.ts';
export { behaviourPresets } from '../contract/behaviour.ts';

export type { MockService, MockServiceOptions } from './service.ts';
export type { Fault, FaultName } from './faults/promises.ts';
export type { TransportFault, TransportFaultName } from './faults/transport.ts';
export type { AnyFaultName, PlannedFault } from './faults/plan.ts';
export type { ConnectionLost, EndlessBody, Message, Outcome, Service, SlowHeaders } from './delivery.ts';
export type { JournalEntry } from './journal.ts';
export type { CustomerSource, SeedCustomer } from './customers.ts';
export type { ServiceRequest } from './request.ts';
export type { BehaviourPreset, Refusal, ServiceBehaviour } from '../contract/behaviour.ts';
