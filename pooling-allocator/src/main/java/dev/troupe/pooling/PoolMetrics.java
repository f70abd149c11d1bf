package dev.troupe.pooling;

/**
 * A pool at one moment.
 *
 * @param capacity slots
 * @param live slots in use
 * @param warm free slots that remember their module
 * @param awaitingDrop slots that nobody uses and that are not reset yet
 * @param allocations slots handed out since the start
 * @param affinityHits of these, slots that still held the right image
 * @param exhaustions requests that found no free slot
 * @param waiters parties waiting for a free slot
 * @param residentBytes most memory that free and used slots have kept from earlier uses
 */
public record PoolMetrics(
    int capacity,
    int live,
    int warm,
    int awaitingDrop,
    long allocations,
    long affinityHits,
    long exhaustions,
    int waiters,
    long residentBytes) {}
