package dev.troupe.actors;

import dev.troupe.actors.artifact.Artifact;
import dev.troupe.actors.port.StoredTenant.StoredVersion;

/**
 * What a deployment did.
 *
 * @param version the version
 * @param alreadyDeployed whether the function had it before
 * @param source where the native code came from
 * @param nanos how long it took to have it
 */
public record Deployment(
    StoredVersion version, boolean alreadyDeployed, Artifact.Source source, long nanos) {}
