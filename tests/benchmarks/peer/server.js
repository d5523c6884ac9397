/** PostGraphile on the tables of Meridian: `node server.js DATABASE_URL PORT`. It takes nothing but its own defaults. */
import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';

const [connectionString, port] = process.argv.slice(2);

/** The filter of the table `revision` would have the name of the table `revision_condition`. */
const Names = {
  name: 'MeridianNames',
  version: '1.0.0',
  inflection: {
    replace: {
      conditionType(_previous, _options, name) {
        return `${name}Matching`;
      },
    },
  },
};

const preset = {
  extends: [PostGraphileAmberPreset],
  plugins: [Names],
  disablePlugins: ['PgIndexBehaviorsPlugin'], // lists may be ordered by any column, as the one that is asked for
  pgServices: [makePgService({ connectionString, schemas: ['public'], poolConfig: { max: 10 } })],
  grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false },
};
const server = createServer();
await postgraphile(preset).createServ(grafserv).addTo(server);
server.listen(Number(port), '127.0.0.1');
