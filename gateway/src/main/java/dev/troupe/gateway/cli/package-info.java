/**
 * The commands that need no server: run, compile, inspect, bench, wast. They load neither Pekko nor
 * gRPC, and parse their few options themselves, because a command line parser costs more than the
 * whole rest of the start. May import the engine, the pooling allocator and WASI.
 *
 * <p>Start reading at {@code LocalMain}.
 */
@NullMarked
package dev.troupe.gateway.cli;

import org.jspecify.annotations.NullMarked;
