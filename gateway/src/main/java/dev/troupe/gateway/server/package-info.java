/**
 * The server: configuration, the wiring of engine, pool, scheduler and actors, and the gRPC
 * services on top. Services translate and nothing more: names, messages and errors in, commands to
 * {@code actors.Platform} out.
 *
 * <p>Start reading at {@code ServeCommand}, then {@code dev.troupe.gateway.server.TroupeServer}.
 *
 * <p>Main invariant: a guest's fault is an outcome, a refusal names its quota, and only a bug of
 * ours is INTERNAL.
 */
@NullMarked
package dev.troupe.gateway.server;

import org.jspecify.annotations.NullMarked;
