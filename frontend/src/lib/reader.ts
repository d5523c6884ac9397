// Whose request it is: the address of the peer, or what a trusted proxy says about it.
import { BlockList, isIP, SocketAddress } from 'node:net';

/** Whether a peer is one of ours. */
export type Trusted = (address: string) => boolean;

/** X-Forwarded-For counts only when the peer is one of ours; its last foreign entry is the reader. */
export function readerAddress(peer: string, forwardedFor: string | null, trusted: Trusted): string {
  const direct = plain(peer);
  if (!forwardedFor || !trusted(direct)) return direct;
  const hops = forwardedFor.split(',').map((hop) => plain(hop.trim()));
  const foreign = hops.reverse().find((hop) => !trusted(hop));
  return foreign && isIP(foreign) ? foreign : direct;
}

/** Says of each address whether it is among these, and remembers none: most are readers'. */
export function trustedPeers(entries: readonly string[]): Trusted {
  const list = new BlockList();
  const named = new Set(entries);
  const networks: { readonly mask: number; readonly start: number }[] = [];
  for (const entry of entries) {
    const [network = '', bits] = entry.split('/');
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
    if (!isIP(network)) throw new Error(`TRUSTED_PROXIES names "${entry}", which is no address.`);
    const length = bits === '' ? NaN : Number(bits ?? (family === 'ipv6' ? 128 : 32));
    if (!(length >= 0 && length <= 128)) throw new Error(`TRUSTED_PROXIES names "${entry}", which is no network.`);
    list.addSubnet(network, length, family);
    const short = family === 'ipv4' ? { start: network, length } : mapped(network, length);
    if (!short) continue;
    const mask = short.length === 0 ? 0 : -1 << (32 - short.length);
    networks.push({ mask, start: bitsOf(short.start) & mask });
  }
  return (address) => {
    if (named.has(address)) return true;
    const version = isIP(address);
    // Asking the list costs a tenth of what a kept page does.
    if (version === 4) return networks.some(({ mask, start }) => (bitsOf(address) & mask) === start);
    return version === 6 && list.check(address, 'ipv6');
  };
}

/** An IPv4 address as 32 bits. */
const bitsOf = (address: string): number => address.split('.').reduce((bits, part) => (bits << 8) | Number(part), 0);
const MAPPED = '::ffff:';
/** So many bits of a mapped address come before the IPv4 address. */
const BEFORE = 96;

/** The IPv4 addresses that a network of IPv6 holds, if any: a part of the mapped ones, or all. */
function mapped(network: string, length: number): { readonly start: string; readonly length: number } | null {
  const start = plain(new SocketAddress({ address: network, family: 'ipv6' }).address);
  if (length >= BEFORE) return isIP(start) === 4 ? { start, length: length - BEFORE } : null;
  const list = new BlockList();
  list.addSubnet(network, length, 'ipv6');
  return list.check(`${MAPPED}0.0.0.0`, 'ipv6') ? { start: '0.0.0.0', length: 0 } : null;
}

/** An IPv4 address as such, also where the socket speaks IPv6. */
const plain = (address: string): string => (address.startsWith(MAPPED) && address.includes('.') ? address.slice(MAPPED.length) : address);
