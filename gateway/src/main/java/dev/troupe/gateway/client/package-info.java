/**
 * The commands that talk to a server over gRPC: tenants, functions, invocations, statistics.
 * Imports the protocol's generated classes, gRPC and picocli; of ours only {@code cli.ValueText}
 * and {@code cli.Sha256}.
 *
 * <p>Start reading at {@link dev.troupe.gateway.client.ClientCommand}.
 */
@NullMarked
package dev.troupe.gateway.client;

import org.jspecify.annotations.NullMarked;
