import { Provider } from 'oidc-provider';

/**
 * A standard OAuth 2 server (the npm package oidc-provider) with one client, in a separate process, because
 * the package is an ES module. It prints its origin as the first line.
 */
const scopes = ['iot.cardservice.all', 'iot.paymentservice.all'];

const provider = new Provider('http://127.0.0.1', {
  clients: [
    {
      client_id: 'the-client',
      client_secret: 'the-secret',
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
  ],
  scopes,
  features: {
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    devInteractions: { enabled: false },
  },
  routes: {
    token: '/connect/token',
    introspection: '/connect/introspect',
    revocation: '/connect/revocation',
  },
  ttl: { ClientCredentials: 600 },
});

const server = provider.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${String(server.address().port)}\n`);
});
