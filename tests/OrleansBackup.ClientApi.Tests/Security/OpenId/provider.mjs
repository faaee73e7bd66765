// A real OpenID Connect provider for tests: on loopback, on a free port, with keys made at its start. Writes its address; ends with its input.
import http from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, redirect] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(path.join(folder, 'node_modules', file)));
const { default: Provider } = await load('oidc-provider/lib/index.js');
const { exportJWK, generateKeyPair } = await load('jose/dist/webapi/index.js');

const key = async (alg) => ({ ...(await exportJWK((await generateKeyPair(alg, { extractable: true })).privateKey)), use: 'sig', alg, kid: `key-${alg}` });
const keys = [await key('RS256'), await key('PS256'), await key('ES256')];

// What an account is follows from the name somebody signs in with.
const accounts = {
  kim: { email: 'kim@provider.example', email_verified: true, roles: ['backup-admins'] },
  robin: { email: 'robin@customer.example', email_verified: true },
  mallory: { email: 'robin@customer.example', email_verified: false },
};
const client = (id, alg) => ({
  client_id: id, client_secret: 'a-secret-of-the-test', redirect_uris: [redirect], token_endpoint_auth_method: 'client_secret_post',
  id_token_signed_response_alg: alg, grant_types: ['authorization_code', 'client_credentials'],
});

const server = http.createServer();
server.listen(0, '127.0.0.1', () => {
  const provider = new Provider(`http://127.0.0.1:${server.address().port}`, {
    clients: ['RS256', 'PS256', 'ES256'].map((alg) => client(`backup-${alg}`, alg)),
    jwks: { keys },
    cookies: { keys: ['a key of the test'] },
    claims: { openid: ['sub'], profile: ['roles'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256'] },
    findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...accounts[id] }) }),
    extraTokenClaims: () => ({ roles: ['backup-operators'] }),
    features: {
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => [],
        getResourceServerInfo: () => ({ scope: 'backup', audience: 'urn:backup', accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } }),
      },
    },
  });
  server.on('request', provider.callback());
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
