// The contract of playground/contracts, as the page sees it.

export type Mode = "imperative" | "symbolic" | "hybrid" | "compare";
export type Phase = "idle" | "starting" | "queued" | "running" | "finished" | "failed";
export type Span = [number, number, number, number];
export type ColumnSpan = [number, number, number, number, number, number];

export interface Options {
  target?: string;
  inputs?: string;
  compilers?: string[];
  levels?: string[];
  timeout_s?: number;
  threads?: number;
  min_run_ms?: number;
  backend?: string;
  compile_mode?: string;
  dynamic?: boolean;
  fullgraph?: boolean;
  strict?: boolean;
  sweep?: string;
  profile?: boolean;
}

export interface Program {
  source: string;
  mode: Mode;
  device: string;
  stdin: string | null;
  options: Options;
}

export interface Machine {
  processor: string;
  architecture: string;
  cores: number;
  processors: number;
  governor?: string | null;
  kernel: string;
  memory_bytes: number;
  load: number;
  versions: Record<string, string>;
}

export interface Environment {
  python: string;
  torch: string;
  device: string;
  device_name: string;
  threads: number;
  isolation: string[];
  machine?: Machine | null;
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
  origin?: number | null;
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
  instructions?: number | null;
  graph?: string;
  full?: string | null;
  html?: string[];
}

export interface GraphNode {
  id: string;
  label: string;
  op: string;
  line?: number | null;
  kind?: NodeKind;
}

export type NodeKind = "value" | "constant" | "operation" | "merge" | "output";

export interface Graph {
  type: "graph";
  level: string;
  nodes: GraphNode[];
  edges: [string, string][];
  title?: string;
  left_out?: number;
}

export interface Finding {
  type: "diagnostic";
  kind: string;
  line?: number | null;
  message: string;
  reason?: string | null;
  hint?: string | null;
  detail?: string | null;
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
  quartiles_ns?: [number, number] | null;
  interval_ns?: [number, number] | null;
  import_ns?: number;
  curve?: [number, number][];
  measured_calls?: number;
  threads?: number | null;
  noop_ns?: number | null;
  instructions?: number | null;
  disturbance?: string | null;
  parameters?: Record<string, number>;
}

export interface Difference {
  value: number;
  index: number[];
  found: string;
  expected: string;
}

export interface Verdict {
  type: "verdict";
  subject: string;
  against: string;
  outcome: string;
  check?: string;
  max_abs_error?: number | null;
  max_rel_error?: number | null;
  max_ulp_error?: number | null;
  difference?: Difference | null;
  stage?: string | null;
  message?: string | null;
  line?: number | null;
  parameters?: Record<string, number>;
}

export interface Operator {
  name: string;
  calls: number;
  self_ns: number;
  allocated_bytes: number;
}

export interface TensorLife {
  line: number | null;
  freed: number | null;
  operator: string;
  tensors: number;
  held_bytes: number;
}

export interface Profile {
  type: "profile";
  path: string;
  parts: [string, number][];
  operators: Operator[];
  peak_bytes: number;
  allocated_bytes: number;
  lifetimes?: TensorLife[];
  trace?: string | null;
  parameters?: Record<string, number>;
}

export interface Lifetime {
  type: "lifetime";
  level: string;
  scope: string;
  name: string;
  first: number;
  last: number;
  ends: "deleted" | "rebound" | "returned" | "left";
  last_use?: number | null;
  line?: number | null;
  held_bytes?: number | null;
  title?: string;
}

export interface Memory {
  type: "memory";
  level: string;
  peak_bytes: number;
  line?: number | null;
  complete?: boolean;
  title?: string;
}

export interface Loaded {
  type: "loaded";
  name: string;
  kind: "torchscript" | "exported" | "aoti";
  size_bytes: number;
  load_ns: number;
  first_call_ns: number;
  median_ns: number;
  iqr_ns: number;
  runs: number;
  number_per_run: number;
  python_load_ns: number;
  python_median_ns: number;
  python_free: boolean;
  libraries: string[];
  compile_ns: number;
  package_bytes: number;
  line: number | null;
}

export interface CompileTime {
  type: "compile_time";
  graph: string;
  phases: [string, number][];
  cache?: "hit" | "miss" | "bypass" | null;
  line?: number | null;
}

export interface Captured {
  type: "captured";
  graphs: number;
  graph_breaks: number;
  recompiles: number;
  left_out?: number;
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
  | Profile
  | Lifetime
  | Memory
  | CompileTime
  | Loaded
  | Captured
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
  profiles: Profile[];
  lifetimes: Lifetime[];
  memory: Memory[];
  compile_times: CompileTime[];
  loaded: Loaded[];
  captured: Captured | null;
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
  profiles: Profile[];
  lifetimes: Lifetime[];
  memory: Memory[];
  compile_times: CompileTime[];
  loaded: Loaded[];
  captured?: Captured | null;
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
