/**
 * The composition root: the only place that knows every part. {@code main} is here; {@code server}
 * wires engine, pool, scheduler and actors to gRPC, {@code client} talks to a server, {@code cli}
 * has the commands that need none.
 *
 * <p>Start reading at {@link dev.troupe.gateway.Main}.
 */
@NullMarked
package dev.troupe.gateway;

import org.jspecify.annotations.NullMarked;
