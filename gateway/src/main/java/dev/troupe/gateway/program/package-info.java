/**
 * WASI programs as functions: the world that a program of a tenant finds in one call. Its input and
 * output are the call's, its files are in memory and its own, its clocks are coarse; there is
 * nothing else of the host.
 *
 * <p>May import {@code dev.troupe.wasi} and the ports of the actors. Start reading at {@code
 * WasiWorlds}.
 *
 * <p>Main invariant: whatever a program makes the host keep is bounded, and counted against the
 * memory quotas of its tenant.
 */
@NullMarked
package dev.troupe.gateway.program;

import org.jspecify.annotations.NullMarked;
