import { type FaultContext, honestHooks, type ServiceHooks } from './hooks.ts';
import { type Fault, type FaultName, faults } from './promises.ts';
import { type TransportFault, type TransportFaultName, transportFaults } from './transport.ts';
import { MisuseError } from '../../contract/misuse.ts';

export type AnyFaultName = FaultName | TransportFaultName;

/** A fault, and the requests that it meets. */
export interface PlannedFault {
  name: AnyFaultName;
  /** Only requests of this method. Default: all; PUT, if the fault is about storing. */
  method?: string;
  /** How many requests it meets. Default: all. */
  times?: number;
  /** Only requests for this customer. Default: all. */
  customerId?: string;
}

export type FaultPlan = ReturnType<typeof createFaultPlan>;

/**
 * A plan of faults.
 *
 * Shape: all promises that are broken for a request are broken together. Of the faults of the transport one meets a request, the first
 * that has a turn left, so that the next takes over when its turns are used up; a delay goes with any.
 */
export function createFaultPlan(given: readonly (AnyFaultName | PlannedFault)[]) {
  const plan: PlannedFault[] = [];
  const add = (planned: PlannedFault): void => {
    const { name, times } = planned;
    const method = planned.method?.toUpperCase() ?? transportFaultNamed(name)?.method;
    if (!isFaultName(name)) throw new MisuseError(`There is no fault "${String(name)}".`);
    if (times !== undefined && !(Number.isInteger(times) && times > 0)) throw new MisuseError('A fault meets a whole number of requests.');
    const customerId = planned.customerId?.toLowerCase();
    const limits = Object.entries({ method, times, customerId }).filter(([, value]) => value !== undefined);
    plan.push({ name, ...Object.fromEntries(limits) });
  };
  for (const one of given) add(typeof one === 'string' ? { name: one } : one);

  return {
    add,
    /** What is still to come, in order. */
    left: (): PlannedFault[] => plan.filter(({ times }) => times !== 0).map((planned) => ({ ...planned })),
    /** The faults that the next request of a method for a customer meets, which count as met. */
    take(method: string, customerId: string): AnyFaultName[] {
      const names: AnyFaultName[] = [];
      let isTaken = false;
      for (const planned of plan) {
        if (planned.times === 0 || (planned.method ?? method) !== method) continue;
        if ((planned.customerId ?? customerId.toLowerCase()) !== customerId.toLowerCase()) continue;
        const isAlone = transportFaultNamed(planned.name) !== undefined && planned.name !== 'delays-answer';
        if (isAlone && isTaken) continue;
        isTaken ||= isAlone;
        if (planned.times !== undefined) planned.times -= 1;
        names.push(planned.name);
      }
      return names;
    },
  };
}

// Requests may ask for any set of broken promises, and each set is kept with what it remembers.
const hooksLimit = 64;

/** Makes the hooks that some faults ask for: the same ones for the same promises, because some faults remember earlier requests. */
export function createHooks(context: FaultContext): (met: readonly AnyFaultName[]) => ServiceHooks {
  const made = new Map<string, ServiceHooks>();
  return (met) => {
    const names = met.filter((name): name is FaultName => Object.hasOwn(faults, name));
    if (names.length === 0) return honestHooks;
    const key = names.join();
    const known = made.get(key);
    if (known !== undefined) return known;
    const hooks = names.reduce<ServiceHooks>((before, name) => ({ ...before, ...faults[name].hooks(before, context) }), honestHooks);
    if (made.size >= hooksLimit) made.clear();
    made.set(key, hooks);
    return hooks;
  };
}

export function isFaultName(name: string): name is AnyFaultName {
  return Object.hasOwn(faults, name) || Object.hasOwn(transportFaults, name);
}

export const transportFaultNamed = (name: string): TransportFault | undefined =>
  Object.hasOwn(transportFaults, name) ? transportFaults[name as TransportFaultName] : undefined;

/** Every fault, of both kinds, with what it does. */
export function listFaults(): { name: AnyFaultName; does: string }[] {
  const all: Record<string, Fault | TransportFault> = { ...faults, ...transportFaults };
  return Object.entries(all).map(([name, { does }]) => ({ name: name as AnyFaultName, does }));
}

const plannedFault = /^(?<name>[^:]*)(?::(?<method>GET|HEAD|PUT|POST|PATCH|DELETE|OPTIONS))?(?::(?<times>[1-9]\d{0,8}))?$/i;

/**
 * Reads `NAME[:METHOD][:COUNT]`, such as `answers-503:PUT:2` for the next two PUTs.
 *
 * Errors: `TypeError`, naming what there is.
 */
export function parsePlannedFault(text: string): PlannedFault {
  const { name = '', method, times } = plannedFault.exec(text)?.groups ?? {};
  if (name === '')
    throw new MisuseError(`"${text}" is not a fault. Write NAME, NAME:COUNT or NAME:METHOD:COUNT, such as answers-503:PUT:2.`);
  if (!isFaultName(name)) {
    throw new MisuseError(
      `Unknown fault "${name}". Available: ${listFaults()
        .map((fault) => fault.name)
        .join(', ')}.`,
    );
  }
  return {
    name,
    ...(method === undefined ? {} : { method: method.toUpperCase() }),
    ...(times === undefined ? {} : { times: Number(times) }),
  };
}

/** The text that {@link parsePlannedFault} reads. */
export function formatPlannedFault({ name, method, times }: PlannedFault): string {
  return [name, method, times].filter((part) => part !== undefined).join(':');
}
