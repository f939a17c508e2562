/**
 * Where time, randomness, the network and the process may be touched. Everywhere else they arrive as
 * arguments or through `libs/runtime/port`, so that the simulator can own them.
 */
const ADAPTERS = [
  /^apps\//,
  /^e2e\//,
  /^infra\//,
  /^libs\/runtime\/system\//,
  /^libs\/event-log\/(sqlite|eventstoredb)\//,
  /^libs\/views\/(sqlite|postgres)\//,
  /^libs\/cache\/(memory|redis)\//,
  /^libs\/messaging\/(memory|kafka)\//,
  /^libs\/security\/adapters\//,
  /^libs\/channels\/adapters\//,
  /^libs\/signatures\/adapters\//,
  /^libs\/observability\//,
  /^libs\/testing\//,
  /\.spec\.ts$/,
];

/** `file` is relative to the root, with `/`. */
export const isAdapter = (file: string): boolean => ADAPTERS.some((pattern) => pattern.test(file));
