/** Where the peer is: Segment's published Braze actions, set up in a folder of their own and never part of this one. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const actions = 'node_modules/@segment/action-destinations/package.json'

/** What was named is no set-up. */
export class PeerMissingError extends Error {
  override readonly name = 'PeerMissingError'
  readonly code = 'peer_missing'
}

/** The folder whose `node_modules` has the peer: the one that is named, or `segnpm` in it. */
export function findPeer(folder: string): string {
  const found = [join(folder, 'segnpm'), folder].find((each) => existsSync(join(each, actions)))
  if (found !== undefined) return found
  throw new PeerMissingError(
    `SEGMENT_DIR names no set-up of Segment's actions: neither ${folder} nor its folder "segnpm" has ${actions}. Run "npm install" there with @segment/action-destinations and @segment/actions-core in its package.json, or leave SEGMENT_DIR out.`,
  )
}
