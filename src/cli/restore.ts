import { discardLeftover, restoreLeftover } from '../conformance/restore/leftover.ts';
import { parseBaseUrl } from '../contract/base-url.ts';
import { formatRestoration } from '../report/terminal.ts';
import { type Io, UsageError } from './io.ts';
import { fileSnapshots, leftoversIn, stateDirOf } from './snapshot-files.ts';
import { tokenFor } from './target.ts';

export interface RestoreArguments {
  baseUrl?: string;
  customer?: string;
  tokenFile?: string;
  force?: boolean;
  discard?: boolean;
  showBodies?: boolean;
  stateDir?: string;
}

/** Puts back what a run has left changed: 0 when it is, or was, as before; 2 when it is not. */
export async function restoreCommand(options: RestoreArguments, io: Io): Promise<number> {
  if (options.force && options.discard) throw new UsageError('--force writes the snapshot, --discard forgets it. Give one of them.');
  const folder = stateDirOf(options.stateDir, io);
  const leftovers = await leftoversIn(folder);
  const baseUrl = options.baseUrl === undefined ? undefined : parseBaseUrl(options.baseUrl);
  const wanted = leftovers.filter(
    ({ snapshot }) =>
      (baseUrl === undefined || snapshot.baseUrl === baseUrl) &&
      (options.customer === undefined || snapshot.customerId.toLowerCase() === options.customer.toLowerCase()),
  );
  const [only, ...others] = wanted;
  if (only === undefined) {
    io.out(`There is nothing to put back: no snapshot in ${folder}${leftovers.length > 0 ? ' fits' : ''}.\n`);
    return 0;
  }
  if (others.length > 0) {
    const list = wanted.map(
      ({ snapshot }) => `  --base-url ${snapshot.baseUrl} --customer ${snapshot.customerId}   of ${snapshot.takenAt}`,
    );
    throw new UsageError(`There are several snapshots. Say which:\n${list.join('\n')}`);
  }

  const { snapshot, place } = only;
  const snapshots = fileSnapshots(folder);
  io.out(`Snapshot  ${place}\nTarget    ${snapshot.baseUrl}\nCustomer  ${snapshot.customerId}\nTaken     ${snapshot.takenAt}\n\n`);
  if (options.discard) {
    await discardLeftover({ baseUrl: snapshot.baseUrl, customerId: snapshot.customerId, token: 'none' }, { snapshots });
    io.out('The snapshot is gone. The profile was not touched.\n');
    return 0;
  }
  const target = {
    baseUrl: snapshot.baseUrl,
    customerId: snapshot.customerId,
    token: await tokenFor(snapshot.baseUrl, options.tokenFile, io),
  };
  const restoration = await restoreLeftover(target, {
    snapshots,
    ...(options.force === undefined ? {} : { force: options.force }),
    ...(options.showBodies === undefined ? {} : { showBodies: options.showBodies }),
  });
  if (restoration === undefined) {
    io.out('Another process has put it back in the meantime.\n');
    return 0;
  }
  switch (restoration.state) {
    case 'restored':
      io.out('The profile is as it was before the run.\n');
      return 0;
    case 'not-needed':
      io.out('The profile was already as before the run.\n');
      return 0;
    default:
      io.err(`${formatRestoration(restoration, target)}\n`);
      return 2;
  }
}
