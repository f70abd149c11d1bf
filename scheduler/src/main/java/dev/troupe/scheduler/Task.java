package dev.troupe.scheduler;

/**
 * A piece of work that runs in slices on the scheduler's workers.
 *
 * <p>All calls on one task are ordered one after the other (each happens-before the next), though
 * not always on the same thread.
 */
public interface Task {

  /**
   * Runs until the task is done, has to wait, gives way, or is preempted.
   *
   * <p>Must not block the thread. Whatever it throws ends the task as {@link TaskEnd#FAILED} and
   * leaves the worker unharmed.
   *
   * @param context the worker that runs this slice; valid only during the call
   */
  SliceOutcome run(WorkerContext context);

  /**
   * Told exactly once, on a worker and outside every lock, that the scheduler has let go of this
   * task. Unless the end is {@link TaskEnd#DONE}, the task may be stopped in the middle of its work
   * and must release what it holds. Must be short; what it throws is logged and counted.
   */
  void ended(TaskReport report);
}
