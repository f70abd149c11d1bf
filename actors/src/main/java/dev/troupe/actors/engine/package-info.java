/**
 * The {@link dev.troupe.actors.port.FunctionRuntime} of the real engine.
 *
 * <p>Imports {@link dev.troupe.actors.port}, the scheduler's {@link
 * dev.troupe.scheduler.Preempter}, and the façade {@code dev.troupe.engine}. Start with {@link
 * dev.troupe.actors.engine.EngineRuntime}. Main invariant: one instance per store, one store per
 * lease, closed together.
 */
@NullMarked
package dev.troupe.actors.engine;

import org.jspecify.annotations.NullMarked;
