/**
 * Makes calls and measures them. Everything of a stream that is hot lives on an event loop of
 * Netty: the clock that starts calls, the answers, the counters. So a call costs no hand-off to
 * another thread, no lock and no wake-up that I/O would not need anyway.
 *
 * <pre>
 *   CallStream           what is called, and when: a CallPlan
 *     Lane (per loop)    starts calls in time, counts what becomes of them
 *   Connections          event loops, and the channels of each
 *   Platform             administrative calls, blocking
 * </pre>
 *
 * <p>May import {@code schedule}. Start reading at {@link dev.troupe.load.client.CallPlan}.
 */
@NullMarked
package dev.troupe.load.client;

import org.jspecify.annotations.NullMarked;
