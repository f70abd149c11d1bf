package dev.troupe.scheduler;

/** Puts workers on threads, or on the stage of a simulation. */
interface WorkerHost {

  /**
   * Makes an idle worker call {@link SchedulerCore#next} again. Called without the lock of the
   * core; may come while the worker is not asleep yet and must not be lost then.
   */
  void wake(Worker worker);
}
