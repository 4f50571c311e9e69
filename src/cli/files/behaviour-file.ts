import { readFile } from 'node:fs/promises';
import { type BehaviourPreset, behaviourPresets, parseBehaviour, type ServiceBehaviour } from '../../contract/behaviour.ts';
import { isJsonObject } from '../../contract/json.ts';
import { UsageError } from '../io.ts';

/** A preset by name, or the questions and answers of a JSON file: a fingerprint, or a report. */
export async function readBehaviour(nameOrFile: string): Promise<BehaviourPreset | Partial<ServiceBehaviour>> {
  if (Object.hasOwn(behaviourPresets, nameOrFile)) return nameOrFile as BehaviourPreset;
  const text = await readFile(nameOrFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      `"${nameOrFile}" is no behaviour (${Object.keys(behaviourPresets).join(', ')}) and no file that can be read: ${error.code ?? error.message}.`,
    );
  });
  try {
    const json: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    // A report carries the behaviour among other things.
    return parseBehaviour(isJsonObject(json) && isJsonObject(json.behaviour) ? json.behaviour : json);
  } catch (error) {
    throw new UsageError(`${nameOrFile}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
