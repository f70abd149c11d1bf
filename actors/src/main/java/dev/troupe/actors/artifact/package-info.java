/**
 * The compilation cache that all tenants share: one compilation and one file per module and engine
 * setting.
 *
 * <p>Imports the JDK, Caffeine, {@link dev.troupe.actors.port}, {@link dev.troupe.actors.admission}
 * and the engine's artifact folder. Start with {@link dev.troupe.actors.artifact.ArtifactCache}.
 * Main invariant: of any number of requests for one key that come at once, one compiles.
 */
@NullMarked
package dev.troupe.actors.artifact;

import org.jspecify.annotations.NullMarked;
