package dev.troupe.actors.artifact;

/**
 * Counters of the cache since its start.
 *
 * @param entries modules in memory
 * @param memoryHits requests served from memory, or by waiting for another request
 * @param folderHits requests served by loading a file
 * @param compilations compilations begun
 * @param failedCompilations compilations that failed
 * @param rejectedFiles files that could not be loaded and were replaced
 * @param compileNanos time spent compiling
 */
public record ArtifactCacheSnapshot(
    long entries,
    long memoryHits,
    long folderHits,
    long compilations,
    long failedCompilations,
    long rejectedFiles,
    long compileNanos) {}
