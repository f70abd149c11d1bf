/**
 * One call on its way: what was asked, how it runs as a task of the scheduler, what came of it.
 *
 * <p>Imports the scheduler, {@link dev.troupe.actors.port} and {@link dev.troupe.actors.admission};
 * no actors. Start with {@link dev.troupe.actors.call.Call}. Main invariant: a call is answered
 * exactly once.
 */
@NullMarked
package dev.troupe.actors.call;

import org.jspecify.annotations.NullMarked;
