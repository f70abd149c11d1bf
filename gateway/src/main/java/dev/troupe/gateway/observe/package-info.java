/**
 * What an operator looks at: readings of the process, and what is made of them and of the
 * statistics of pool, scheduler and actors. Imports those and nothing of the gateway.
 *
 * <p>Start reading at {@code dev.troupe.gateway.observe.Observed}, then {@code ServerMetrics}.
 *
 * <p>Main invariant: to look costs the server a bounded amount, however often somebody looks.
 */
@NullMarked
package dev.troupe.gateway.observe;

import org.jspecify.annotations.NullMarked;
