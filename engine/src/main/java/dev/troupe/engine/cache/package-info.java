/**
 * Artifacts on disk, shared by everybody who compiles on this machine. Imports nothing of ours: it
 * stores bytes under keys, and who reads them checks them.
 *
 * <p>Start reading at {@link dev.troupe.engine.cache.ArtifactFolder}.
 */
@NullMarked
package dev.troupe.engine.cache;

import org.jspecify.annotations.NullMarked;
