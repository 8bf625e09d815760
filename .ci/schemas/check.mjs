// Checks the dashboard against Grafana's schema and the manifest against that of Kubernetes, both as types of TypeScript:
// a field that does not exist, lacks or has another type is an error. Usage: node check.mjs ROOT-OF-THE-PROJECT
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';

const root = process.argv[2];
const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);

const groups = { v1: 'core/v1', 'apps/v1': 'apps/v1' };
const manifest = 'deploy/kubernetes.yaml';
const dashboard = 'docs/monitoring/yammap-dashboard.json';

// Names of an enumeration are written as texts in JSON.
const lines = [`
type Plain<T> = T extends string ? \`\${T}\` : T extends (infer E)[] ? Plain<E>[]
	: T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
import type { Dashboard } from './node_modules/@grafana/schema/dist/types/raw/dashboard/x/types.gen';
export const dashboard: Plain<Dashboard> = ${fs.readFileSync(path.join(root, dashboard), 'utf8')};`];

const documents = parseAllDocuments(fs.readFileSync(path.join(root, manifest), 'utf8')).map((one) => one.toJS());
documents.forEach((document, index) => {
	const group = groups[document.apiVersion];
	if (!group) {
		throw new Error(`${manifest}: no types are known for ${document.apiVersion}`);
	}
	lines.push(`
import type { ${document.kind} as Kind${index} } from 'kubernetes-types/${group}';
export const document${index}: Kind${index} = ${JSON.stringify(document, null, '\t')};`);
});

const file = path.join(here, 'check.ts');
fs.writeFileSync(file, lines.join('\n'));
const program = ts.createProgram([file], {
	noEmit: true,
	strict: true,
	skipLibCheck: true,
	moduleResolution: ts.ModuleResolutionKind.Bundler,
	module: ts.ModuleKind.ESNext,
});
const problems = ts.getPreEmitDiagnostics(program);
if (problems.length > 0) {
	console.error(ts.formatDiagnosticsWithColorAndContext(problems, {
		getCanonicalFileName: (name) => name,
		getCurrentDirectory: () => here,
		getNewLine: () => '\n',
	}));
	process.exit(1);
}
console.log(`${dashboard} and ${manifest} (${documents.map((one) => one.kind).join(', ')}) fit their schemas.`);
