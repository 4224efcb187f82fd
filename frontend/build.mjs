// Bundles the scripts: node build.mjs OUT DIGEST
//
// OUT gets the bundles with hashes in their names, THIRD_PARTY_NOTICES.txt, and manifest.json,
// which says what is what. DIGEST is of the sources, and is only noted there.

import { build } from "esbuild";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const [, , out, digest] = process.argv;
const PERMISSIVE = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"];

// Scripts that pages name. What these import when it is asked for becomes a file of its own.
const ENTRIES = ["page", "clocks", "zoom", "compare"];

function licenceText(name, folder) {
  // Some packages leave their licence's text in their repository; those are kept here.
  const kept = join(here, "licences", `${name.replace("/", "-")}.txt`);
  if (existsSync(kept)) return readFileSync(kept, "utf8");
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  if (file) return readFileSync(join(folder, file), "utf8");
  throw new Error(`${name} has no licence text; put it into frontend/licences/${name}.txt`);
}

function notice(name) {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (!PERMISSIVE.includes(license)) throw new Error(`${name}: ${license} is not permissive`);
  const title = `${name} ${version} (${license})`;
  return `${title}\n${"=".repeat(title.length)}\n\n${licenceText(name, folder).trim()}\n`;
}

const common = {
  absWorkingDir: here,
  outdir: out,
  entryNames: "[name].[hash]",
  chunkNames: "[name].[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none", // The licences stand in full in the notices.
  metafile: true,
  logLevel: "warning",
};

mkdirSync(out, { recursive: true });

// OpenSeadragon is no ES module. Bundled with the rest it would bring the wrapper that it needs
// into a file that every page loads; so it becomes a module of its own first.
const library = await build({ ...common, entryPoints: ["src/openseadragon.ts"] });
const [libraryFile] = Object.keys(library.metafile.outputs).map((path) => basename(path));
const ours = await build({
  ...common,
  entryPoints: ENTRIES.map((name) => `src/${name}.ts`),
  plugins: [
    {
      name: "library",
      setup: ({ onResolve }) =>
        onResolve({ filter: /\/openseadragon$/ }, () => ({ path: `./${libraryFile}`, external: true })),
    },
  ],
});

const scripts = {};
const outputs = { ...library.metafile.outputs, ...ours.metafile.outputs };
for (const [path, output] of Object.entries(outputs)) {
  const name = output.entryPoint ? basename(output.entryPoint, ".ts") : basename(path, ".js");
  scripts[name] = {
    file: basename(path),
    // What comes with it at once, and what may come later.
    imports: output.imports.filter((i) => i.kind === "import-statement").map((i) => basename(i.path)),
    later: output.imports.filter((i) => i.kind === "dynamic-import").map((i) => basename(i.path)),
  };
}
const bundled = new Set(
  Object.keys({ ...library.metafile.inputs, ...ours.metafile.inputs })
    .map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
    .filter(Boolean),
);
const packages = [...bundled].sort();
const notices = ["Solbook's pages contain these works of others.\n", ...packages.map(notice)];
writeFileSync(join(out, "THIRD_PARTY_NOTICES.txt"), notices.join("\n"));
const manifest = { sources: digest, scripts, packages };
writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
