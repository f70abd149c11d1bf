/** Tests of the client's options. */
@NullMarked
package dev.troupe.gateway.client;

import org.jspecify.annotations.NullMarked;
