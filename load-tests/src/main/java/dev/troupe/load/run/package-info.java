/**
 * Runs scenarios: starts a server where none was named, creates tenants, deploys, starts the
 * streams, watches client and server, cleans up, and writes down what it saw.
 *
 * <pre>
 *   ScenarioRun        the whole run
 *     Target           the server, ours or somebody's
 *     Stage            tenants and functions
 *     PhaseRun         one phase: streams, events, samples
 *       Plans          a stream's specification becomes a plan with ready-made requests
 *       ServerFigures  what the server says of itself, as numbers by name
 * </pre>
 *
 * <p>May import {@code client}, {@code schedule}, {@code scenario} and {@code report}.
 */
@NullMarked
package dev.troupe.load.run;

import org.jspecify.annotations.NullMarked;
