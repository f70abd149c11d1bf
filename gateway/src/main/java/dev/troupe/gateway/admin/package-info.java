/**
 * The port for operators: metrics, health and build information over HTTP, read only. Imports
 * {@code observe} and nothing of the server.
 *
 * <p>Start reading at {@code dev.troupe.gateway.admin.AdminServer}; a new page is a {@code Page} in
 * a {@code Router}.
 *
 * <p>Main invariant: whoever connects can hold a bounded number of connections for a bounded time,
 * and no page costs more because many ask for it.
 */
@NullMarked
package dev.troupe.gateway.admin;

import org.jspecify.annotations.NullMarked;
