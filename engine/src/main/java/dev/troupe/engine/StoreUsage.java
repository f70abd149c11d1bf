package dev.troupe.engine;

/**
 * What a store owns at one moment.
 *
 * @param memoryBytes all linear memories and table elements
 * @param peakMemoryBytes the largest that {@code memoryBytes} has been
 * @param tableElements elements of all tables
 * @param instances instances
 * @param fuelConsumed fuel used since the store was made; 0 when the engine does not count
 */
public record StoreUsage(
    long memoryBytes, long peakMemoryBytes, long tableElements, int instances, long fuelConsumed) {}
