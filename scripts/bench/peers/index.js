// The usual HTTP clients, each with keep-alive and its own defaults, which for all but axios include retries.
import axios from 'axios';
import { got } from 'got';
import { Agent } from 'node:http';
import ky from 'ky';

/** What GETs one URL and parses its JSON, by the name of the client. */
export function peersOf(url, headers) {
  const agent = new Agent({ keepAlive: true });
  const kept = got.extend({ agent: { http: agent } });
  return {
    ky: () => ky.get(url, { headers }).json(),
    got: () => kept.get(url, { headers }).json(),
    axios: async () => (await axios.get(url, { headers, httpAgent: agent })).data,
  };
}
