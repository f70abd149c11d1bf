/**
 * Tests of the artifact schema against bytes that the engine's own writer recorded. Start reading
 * at {@link dev.troupe.artifact.v1.ArtifactSchemaTest}.
 */
package dev.troupe.artifact.v1;
