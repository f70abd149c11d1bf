/**
 * {@code troupe load} and {@code troupe demo}: a load generator that knows Troupe only by its
 * protocol. Imports the generated classes of {@code proto}, gRPC and HdrHistogram.
 *
 * <pre>
 *   schedule   when calls are due
 *   client     making calls and measuring them
 *   scenario   what a test does, read from HOCON
 *   run        running it
 *   report     what was found: text, JSON, .hgrm, HTML; comparing two
 *   demo       the demonstration
 * </pre>
 *
 * <p>Start reading at {@link dev.troupe.load.LoadCommand}, then {@link
 * dev.troupe.load.run.ScenarioRun}.
 */
@NullMarked
package dev.troupe.load;

import org.jspecify.annotations.NullMarked;
