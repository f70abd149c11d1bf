/**
 * Running guests: fibers, the exit loop that serves what guests leave for, traps and backtraces,
 * carriers (threads that guests run on, and how they are asked to stop).
 *
 * <p>Floor 5: may import {@code runtime} and what lies below it. Start reading at {@link
 * dev.troupe.engine.runtime.exec.StoreExecution}, then {@link
 * dev.troupe.engine.runtime.exec.Fiber}.
 *
 * <p>Main invariant: guest code never calls Java. It leaves with an exit code, one loop serves the
 * request and enters again; so no Java frame ever lies between two guest frames of one fiber, and a
 * fiber that is not running can be parked, moved to another thread or dropped.
 */
@NullMarked
package dev.troupe.engine.runtime.exec;

import org.jspecify.annotations.NullMarked;
