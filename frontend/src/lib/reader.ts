// Whose request it is: the address of the peer, or what a trusted proxy says about it.
import { BlockList, isIP } from 'node:net';

/** X-Forwarded-For counts only when the peer is one of ours; its last foreign entry is the reader. */
export function readerAddress(peer: string, forwardedFor: string | null, trusted: BlockList): string {
  const direct = plain(peer);
  if (!forwardedFor || !isTrusted(direct, trusted)) return direct;
  const hops = forwardedFor.split(',').map((hop) => plain(hop.trim()));
  const foreign = hops.reverse().find((hop) => !isTrusted(hop, trusted));
  return foreign && isIP(foreign) ? foreign : direct;
}

export function trustedPeers(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [network = '', bits] = entry.split('/');
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
    if (!isIP(network)) throw new Error(`TRUSTED_PROXIES names "${entry}", which is no address.`);
    if (bits === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(bits), family);
  }
  return list;
}

function isTrusted(address: string, trusted: BlockList): boolean {
  const version = isIP(address);
  return version !== 0 && trusted.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '');
