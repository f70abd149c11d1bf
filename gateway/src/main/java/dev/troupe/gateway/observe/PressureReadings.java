package dev.troupe.gateway.observe;

/**
 * How close the server is to its bounds, and what it did about it since its start.
 *
 * @param heldBytes what calls in flight keep on the heap
 * @param mostHeldBytes what they may keep
 * @param shedCalls calls refused because they would have kept more
 * @param slowRequests calls sent away because their request did not become complete
 * @param trimmedBytes unused pages given back because memory was short
 * @param evictedInstances idle instances closed because memory was short
 */
public record PressureReadings(
    long heldBytes,
    long mostHeldBytes,
    long shedCalls,
    long slowRequests,
    long trimmedBytes,
    long evictedInstances) {}
