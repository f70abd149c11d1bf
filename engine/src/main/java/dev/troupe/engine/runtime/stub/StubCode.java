package dev.troupe.engine.runtime.stub;

import dev.troupe.engine.contract.Builtin;

/**
 * The stubs that every process has once. Position independent.
 *
 * @param code the bytes
 * @param enterOffset {@code int enter(StoreContext*)}, System V convention
 * @param builtinOffsets offset of every {@link Builtin} by ordinal
 * @param faultExitOffset where the fault handler sends a trapped guest
 * @param preemptOffset where the preemption handler sends an interrupted guest
 * @param bulkStart first byte of the bulk routines
 * @param bulkEnd byte after the bulk routines
 * @param tailReturnsOffset the routines at the ends of {@link
 *     dev.troupe.engine.contract.TailFrame}s
 * @param landOffset RESUME_PC of a fiber that goes on at a handler of an exception: callee-saved
 *     registers, instance and address are on its stack as an exit has them
 * @param genericEntryOffset RESUME_PC of a fresh fiber for functions of any type
 * @param genericTrampolineOffset what guests call for host functions of any type
 * @param preemptFrameBytes most stack that a preempted guest's state takes
 */
public record StubCode(
    byte[] code,
    int enterOffset,
    int[] builtinOffsets,
    int faultExitOffset,
    int preemptOffset,
    int bulkStart,
    int bulkEnd,
    int tailReturnsOffset,
    int landOffset,
    int genericEntryOffset,
    int genericTrampolineOffset,
    int preemptFrameBytes) {

  /** Offset of a builtin's stub. */
  public int builtinOffset(Builtin builtin) {
    return builtinOffsets[builtin.ordinal()];
  }
}
