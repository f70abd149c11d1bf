package dev.troupe.actors;

import dev.troupe.actors.artifact.ArtifactCache;
import dev.troupe.actors.port.TenantStore;
import dev.troupe.scheduler.Scheduler;

/** What all actors use together. Everything in it is thread-safe. */
record Shared(
    PlatformSettings settings,
    TenantDirectory directory,
    Scheduler scheduler,
    ArtifactCache artifacts,
    LiveActors actors,
    TenantStore store) {}
