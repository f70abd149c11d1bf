/**
 * Shares the processor between tenants: worker threads, a weighted fair queue, preemption,
 * deadlines, cancellation and parking.
 *
 * <p><b>What it knows.</b> {@link dev.troupe.scheduler.Task}s that run in slices. It knows nothing
 * of WebAssembly, actors or gRPC and imports nothing but the JDK.
 *
 * <p><b>Where to start reading.</b> {@link dev.troupe.scheduler.Scheduler} is the façade and draws
 * the picture; {@link dev.troupe.scheduler.SchedulerCore} holds every state change under one lock;
 * {@link dev.troupe.scheduler.FairQueue} holds the arithmetic of fairness; {@link
 * dev.troupe.scheduler.Worker} is the loop of one thread.
 *
 * <p><b>Main invariant.</b> A task is in exactly one of the places of {@link
 * dev.troupe.scheduler.TaskEntry.State}, its {@link dev.troupe.scheduler.Task#ended} runs exactly
 * once, and nobody else touches it afterwards.
 *
 * <p><b>Determinism.</b> The core reads no clock, starts no thread and draws no random number by
 * itself; time, processor time, preemption and the workers are handed in. With simulated ones, one
 * seed replays a whole day.
 */
@NullMarked
package dev.troupe.scheduler;

import org.jspecify.annotations.NullMarked;
