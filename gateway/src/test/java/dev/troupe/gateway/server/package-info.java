/** Tests of the server over real gRPC on a loopback port. */
@NullMarked
package dev.troupe.gateway.server;

import org.jspecify.annotations.NullMarked;
