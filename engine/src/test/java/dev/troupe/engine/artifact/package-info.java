/**
 * Tests of the artifact format. Start reading at {@link
 * dev.troupe.engine.artifact.ArtifactRoundTripTest}.
 */
@NullMarked
package dev.troupe.engine.artifact;

import org.jspecify.annotations.NullMarked;
