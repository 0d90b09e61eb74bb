/** fn upTo: the running sums of `own` over a group's threads; every thread of the group must come by. */
export function runningSums(threads: number): string {
  return `
var<workgroup> running: array<u32, ${threads}>;
fn upTo(thread: u32, own: u32) -> u32 {
  running[thread] = own;
  workgroupBarrier();
  for (var step = 1u; step < ${threads}u; step *= 2u) {
    var before = 0u;
    if (thread >= step) { before = running[thread - step]; }
    workgroupBarrier();
    running[thread] += before;
    workgroupBarrier();
  }
  return running[thread];
}`;
}
