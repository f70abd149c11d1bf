package dev.troupe.gateway.observe;

/**
 * The places for collected heaps.
 *
 * @param places instances that may have one at once
 * @param inUse instances that have one
 * @param waiters calls that wait for one
 */
public record HeapReadings(int places, int inUse, int waiters) {}
