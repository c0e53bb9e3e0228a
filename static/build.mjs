// Bundles src/ into the folder named on the command line (default dist/), with hashed names and a manifest.
import { copyFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const outdir = process.argv[2] ?? "dist";
await rm(outdir, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: ["src/app.js", "src/app.css", "src/flame.js", "src/icon.svg"],
  outdir,
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022", "safari16", "firefox115", "chrome111"],
  loader: { ".svg": "copy" },
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  legalComments: "linked",
  minify: true,
  metafile: true,
  logLevel: "warning",
});

/** @type {Record<string, string>} */
const manifest = {};
for (const [path, output] of Object.entries(metafile.outputs)) {
  const source = output.entryPoint ?? Object.keys(output.inputs)[0];
  if (source?.startsWith("src/") && (output.entryPoint || path.endsWith(".svg"))) {
    manifest[basename(source)] = basename(path);
  }
}
// Speedscope comes built, its names hashed already. Left out: a sample, and the reader of Java's recordings.
const SPEEDSCOPE = "node_modules/speedscope";
const release = await readdir(join(SPEEDSCOPE, "dist/release"));
for (const name of release.filter((one) => /^(speedscope-.*|SourceCodePro-.*)\.(js|css|woff2)$/.test(one))) {
  await copyFile(join(SPEEDSCOPE, "dist/release", name), join(outdir, name));
  if (name.startsWith("speedscope-")) manifest[`speedscope${extname(name)}`] = name;
}
await copyFile(join(SPEEDSCOPE, "LICENSE"), join(outdir, `${manifest["speedscope.js"]}.LEGAL.txt`));
await copyFile(join(SPEEDSCOPE, "dist/release/source-code-pro.LICENSE.md"), join(outdir, "source-code-pro.LEGAL.txt"));
await writeFile(join(outdir, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);

for (const path of (await readdir(outdir)).map((name) => join(outdir, name))) {
  const bytes = await readFile(path);
  const kib = (/** @type {number} */ size) => `${(size / 1024).toFixed(1)} KiB`;
  console.log(
    `${basename(path).padEnd(28)} ${kib(bytes.length).padStart(10)} ${kib(gzipSync(bytes).length).padStart(10)} gzipped`,
  );
}
