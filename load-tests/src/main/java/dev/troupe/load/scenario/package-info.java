/**
 * Scenarios: what a load test does, as data, read from small HOCON files. A wrong file is refused
 * with the place, the key and what is allowed there; nothing is guessed and nothing is ignored.
 *
 * <p>May import {@code schedule}. Start reading at {@link dev.troupe.load.scenario.Scenario}; the
 * files are in {@code src/main/resources/dev/troupe/load/scenarios}.
 */
@NullMarked
package dev.troupe.load.scenario;

import org.jspecify.annotations.NullMarked;
