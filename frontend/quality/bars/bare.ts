// A bare Node server that answers everything with the bytes and headers of one page.
import { createServer } from 'node:http';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';

request(process.argv[2] ?? '', { headers: { 'Accept-Encoding': 'br' } }, (response) => {
  const parts: Buffer[] = [];
  response.on('data', (part: Buffer) => parts.push(part));
  response.on('end', () => {
    const body = Buffer.concat(parts);
    const fields = Object.entries(response.headers)
      .filter(([name]) => !['date', 'connection', 'keep-alive', 'transfer-encoding'].includes(name))
      .flatMap(([name, value]) => [name, String(value)]);
    const server = createServer((_, answer) => {
      answer.writeHead(200, fields);
      answer.end(body);
    });
    server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}).end();
