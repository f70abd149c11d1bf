/**
 * Shares the processor between tenants: worker threads that own run queues and steal, one fair
 * clock for all of them, preemption, processor time per second, deadlines, cancellation, parking.
 *
 * <p><b>What it knows.</b> {@link dev.troupe.scheduler.Task}s that run in slices. It knows nothing
 * of WebAssembly, actors or gRPC and imports nothing but the JDK.
 *
 * <p><b>Where to start reading.</b> {@link dev.troupe.scheduler.Scheduler} is the façade and draws
 * the picture. Then, from the outside in:
 *
 * <ul>
 *   <li>{@link dev.troupe.scheduler.SchedulerCore}: what the world outside asks for.
 *   <li>{@link dev.troupe.scheduler.Moves}: the places of a task, and every change of place.
 *   <li>{@link dev.troupe.scheduler.Dispatch}: what a worker does between two slices; with {@link
 *       dev.troupe.scheduler.Stealing} and {@link dev.troupe.scheduler.Crew}, who sleeps and who is
 *       woken.
 *   <li>{@link dev.troupe.scheduler.FairClock}: the arithmetic of fairness, for the whole machine;
 *       {@link dev.troupe.scheduler.RunQueue}: its order on one worker.
 *   <li>{@link dev.troupe.scheduler.TimerWheel}, {@link dev.troupe.scheduler.CpuBandwidth}, {@link
 *       dev.troupe.scheduler.CpuMeter}: alarms, processor time per second, its measurement.
 * </ul>
 *
 * <p><b>Main invariant.</b> A task is in exactly one of the places of {@link
 * dev.troupe.scheduler.TaskEntry.State}, its {@link dev.troupe.scheduler.Task#ended} runs exactly
 * once, and nobody else touches it afterwards.
 *
 * <p><b>Locks.</b> One per worker for what it owns, one per tenant for its standing, never two of a
 * kind, in this order. Submission takes only the tenant's.
 *
 * <p><b>Determinism.</b> The core reads no clock, starts no thread and draws no random number by
 * itself; time, processor time, preemption and the workers are handed in. With simulated ones, one
 * seed replays days.
 */
@NullMarked
package dev.troupe.scheduler;

import org.jspecify.annotations.NullMarked;
