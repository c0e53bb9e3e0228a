// The contract of playground/contracts, as the page sees it.

export type Mode = "imperative" | "symbolic" | "hybrid" | "compare";
export type Phase = "idle" | "starting" | "queued" | "running" | "finished" | "failed";
export type Span = [number, number, number, number];
export type ColumnSpan = [number, number, number, number, number, number];

export interface Options {
  target?: string;
  inputs?: string;
  compilers?: string[];
  timeout_s?: number;
  threads?: number;
}

export interface Program {
  source: string;
  mode: Mode;
  device: string;
  stdin: string | null;
  options: Options;
}

export interface Environment {
  python: string;
  torch: string;
  device: string;
  device_name: string;
  threads: number;
  isolation: string[];
}

export interface Limit {
  name: string;
  value: number;
  unit: string;
}

export interface Frame {
  file: string;
  line: number;
  function: string;
  text: string;
}

export interface Accepted {
  type: "accepted";
  run_id: string;
  position: number;
}

export interface Started {
  type: "started";
  environment: Environment;
}

export interface Stage {
  type: "stage";
  name: string;
  phase: "begin" | "end";
  wall_ns?: number | null;
  cpu_ns?: number | null;
}

export interface Output {
  type: "output";
  stream: "stdout" | "stderr";
  text: string;
}

export interface Display {
  type: "display";
  mime: string;
  data: string;
}

export interface Code {
  type: "code";
  level: string;
  title: string;
  language: string;
  text: string;
  map: Span[];
  columns?: ColumnSpan[];
  truncated_bytes?: number;
  html?: string[];
}

export interface GraphNode {
  id: string;
  label: string;
  op: string;
  line?: number | null;
}

export interface Graph {
  type: "graph";
  level: string;
  nodes: GraphNode[];
  edges: [string, string][];
}

export interface Finding {
  type: "diagnostic";
  kind: string;
  line?: number | null;
  message: string;
  reason?: string | null;
  hint?: string | null;
}

export interface Statement {
  type: "statement";
  line: number;
  wall_ns: number;
  hits: number;
}

export interface Benchmark {
  type: "benchmark";
  path: string;
  compile_ns: number;
  first_call_ns: number;
  median_ns: number;
  iqr_ns: number;
  runs: number;
  number_per_run: number;
  stable: boolean;
  break_even_calls?: number | null;
}

export interface Verdict {
  type: "verdict";
  subject: string;
  against: string;
  outcome: string;
  max_abs_error?: number | null;
  max_rel_error?: number | null;
  stage?: string | null;
  message?: string | null;
}

export interface Artifact {
  type: "artifact";
  name: string;
  size_bytes: number;
  url: string;
}

export interface SnippetError {
  type: "error";
  error_type: string;
  message: string;
  line?: number | null;
  frames: Frame[];
}

export interface Usage {
  type: "usage";
  wall_ns: number;
  cpu_ns: number;
  rss_bytes: number;
}

export interface Finished {
  type: "finished";
  status: string;
  exit_code?: number | null;
  signal?: string | null;
  limit?: Limit | null;
  timings: Record<string, number>;
  peak_rss_bytes: number;
}

export type Told = { id: number } & RunEvent;
export type RunEvent =
  | Accepted
  | Started
  | Stage
  | Output
  | Display
  | Code
  | Graph
  | Finding
  | Statement
  | Benchmark
  | Verdict
  | Artifact
  | SnippetError
  | Usage
  | Finished;

export interface StageTime {
  name: string;
  running: boolean;
  wall_ns: number | null;
  cpu_ns: number | null;
}

export interface RunState {
  phase: Phase;
  program: Program | null;
  recorded: boolean;
  runId: string | null;
  position: number;
  environment: Environment | null;
  stages: StageTime[];
  outputs: number;
  code: Code[];
  graphs: Graph[];
  findings: Finding[];
  statements: Statement[];
  benchmarks: Benchmark[];
  verdicts: Verdict[];
  artifacts: Artifact[];
  error: SnippetError | null;
  usage: Usage | null;
  finished: Finished | null;
  problem: Problem | null;
}

export interface Result {
  run_id: string;
  status: string;
  mode: Mode;
  device: string;
  environment: Environment | null;
  output: { stream: "stdout" | "stderr"; text: string }[];
  displays: Display[];
  code: Code[];
  graphs: Graph[];
  diagnostics: Finding[];
  statements: Statement[];
  benchmarks: Benchmark[];
  verdicts: Verdict[];
  artifacts: Artifact[];
  error: SnippetError | null;
  exit_code: number | null;
  signal: string | null;
  limit: Limit | null;
  timings: Record<string, number>;
  peak_rss_bytes: number;
}

export interface Problem {
  title: string;
  status: number;
  detail: string;
  retryAfter?: number;
  errors?: { field: string; message?: string; detail?: string }[];
}

export interface Layout {
  tab?: string;
  level?: string;
}

export interface Snippet extends Program {
  id: string;
  url: string;
  layout?: Layout | null;
}

export interface Example {
  slug: string;
  titles: Record<string, string>;
  mode: Mode;
  source: string;
}

export interface Boot {
  lang: string;
  modes: Mode[];
  devices: string[];
  limits: Limit[];
  environment: Environment | null;
  examples: Example[];
  snippet: Snippet | null;
  recorded: Result | null;
  max_source_bytes: number;
  strings: Record<string, string>;
}

export interface Draft extends Program {
  at: number;
  snippet: string | null;
}
