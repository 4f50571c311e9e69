import type { Answer } from './answer.ts';
import { type Customer, type CustomerStore, renewEtag } from './customers.ts';
import type { PreconditionVerdict } from './precondition.ts';
import type { ServiceRequest } from './request.ts';
import type { Update } from './update.ts';

/** What a fault may need to know of the service it spoils. */
export interface ServiceInside {
  store: CustomerStore;
  token: string;
  newId: () => string;
}

/** A write whose ETag is judged. */
export interface JudgedWrite {
  customer: Customer;
  request: ServiceRequest;
  update: Update;
}

/** The points at which the service keeps its promises. A fault breaks one of them by taking its place. */
export interface Conduct {
  readRequest(request: ServiceRequest): ServiceRequest;
  beforeRead(customer: Customer): void;
  judge(verdict: PreconditionVerdict, write: JudgedWrite): PreconditionVerdict;
  /** Absent in the honest service: between the judgement and the storing nothing else may run. */
  beforeStore?: () => Promise<void>;
  /** Stores the update and returns the customer whose profile is answered. */
  store(customer: Customer, update: Update): Customer;
  onStaleWrite(customer: Customer, update: Update): void;
  answer(answer: Answer, request: ServiceRequest): Answer;
  /** Absent in the honest service: an answer is sent as soon as it is there. */
  beforeAnswer?: () => Promise<void>;
}

export const honestConduct: Conduct = {
  readRequest: (request) => request,
  beforeRead: () => {},
  judge: (verdict) => verdict,
  store: (customer, update) => {
    customer.profile = update.profile;
    customer.objectType = update.objectType;
    renewEtag(customer);
    return customer;
  },
  onStaleWrite: () => {},
  answer: (answer) => answer,
};
