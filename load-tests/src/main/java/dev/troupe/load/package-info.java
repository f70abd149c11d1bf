/**
 * A load generator that knows Troupe only by its protocol. Imports the generated classes of {@code
 * proto}, gRPC and HdrHistogram.
 *
 * <p>Start reading at {@link dev.troupe.load.Main}, then {@link dev.troupe.load.Generator}.
 */
@NullMarked
package dev.troupe.load;

import org.jspecify.annotations.NullMarked;
