package dev.troupe.engine.runtime.stub;

/**
 * What the signal handlers need to know of one engine's guest code. Nothing of it may ever be
 * unmapped or moved.
 *
 * @param codeBase address of the code region, a multiple of the granule size
 * @param codeEnd address behind it
 * @param granuleTable address of one u64 for every granule: the module record or 0
 * @param stubBase where the stubs' code was copied to
 * @param stubs the stubs
 */
public record GuestRegion(
    long codeBase, long codeEnd, long granuleTable, long stubBase, StubCode stubs) {}
