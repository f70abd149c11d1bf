/**
 * The platform's actors: who exists, who may run what, who owns which instances.
 *
 * <pre>
 *   Platform (plain Java, for the gateway)
 *     |  directory: tenant id -> TenantEntry (published state, Admission, budget, metrics)
 *   TenantGuardian            creates, restores, removes tenants; supervises
 *     Tenant                  loads versions, publishes Routes, keeps the durable record
 *       Function              compiles versions through the shared ArtifactCache
 *         InstancePool        idle instances of one version, and their age
 * </pre>
 *
 * <p><b>Life of a call.</b> {@code Platform.invoke} hands a {@link dev.troupe.actors.call.Call} to
 * the tenant's {@code Admission}, on the caller's thread. It resolves the version in the {@code
 * Routes} that the actor published, asks rate, concurrency, instances and memory under a short
 * lock, and either refuses with the quota's name, or queues, or hands a {@link
 * dev.troupe.actors.call.CallTask} to the scheduler. A worker runs it, answers it, and starts those
 * that wait for its place. No actor is asked, unless the version has to be loaded first.
 *
 * <p><b>Deployment.</b> {@code Tenant.Deploy} → {@code Function.Prepare} → artifact cache (its own
 * threads) → {@code Tenant.VersionPrepared} → store → answer.
 *
 * <p><b>Failure.</b> An actor that throws is restarted by its parent with the state of the store;
 * the {@code TenantEntry} survives, so that running calls keep their accounts. Queued calls are
 * answered as unavailable.
 *
 * <p><b>May import</b> Pekko, Caffeine, the scheduler and the façade of the engine; not gRPC. Main
 * invariant: guest code never runs on a Pekko dispatcher.
 */
@NullMarked
package dev.troupe.actors;

import org.jspecify.annotations.NullMarked;
