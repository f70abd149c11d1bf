/**
 * The compilation cache that all tenants share: one compilation and one file per module and engine
 * setting.
 *
 * <p>Imports the JDK, Caffeine and {@link dev.troupe.actors.port}. Start with {@link
 * dev.troupe.actors.artifact.ArtifactCache}. Main invariant: a file under its final name is
 * complete, because it got that name by an atomic rename.
 */
@NullMarked
package dev.troupe.actors.artifact;

import org.jspecify.annotations.NullMarked;
