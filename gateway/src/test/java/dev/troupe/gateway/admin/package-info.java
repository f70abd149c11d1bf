/** Tests of the port for operators over real sockets; start at {@code AdminServerTest}. */
@NullMarked
package dev.troupe.gateway.admin;

import org.jspecify.annotations.NullMarked;
