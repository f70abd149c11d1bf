/**
 * Quotas and the arithmetic of admission. Plain objects without actors.
 *
 * <p>Imports the JDK and {@link dev.troupe.actors.port}. Start with {@link
 * dev.troupe.actors.admission.TenantQuotas}. Main invariant: what was reserved is released exactly
 * once, by the {@link dev.troupe.actors.admission.InstanceLease} that holds it.
 */
@NullMarked
package dev.troupe.actors.admission;

import org.jspecify.annotations.NullMarked;
