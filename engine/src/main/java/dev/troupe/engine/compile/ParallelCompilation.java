package dev.troupe.engine.compile;

import dev.troupe.engine.backend.x64.CompiledFunction;
import dev.troupe.engine.contract.CompileMeter;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Compiles all functions of a module on several threads: each takes the next function that nobody
 * has taken. The calling thread works too, so that an executor without a free thread only costs
 * time. If functions fail, the failure of the first in index order is reported: functions are taken
 * in that order, so all before it were compiled, and the outcome does not depend on timing.
 */
final class ParallelCompilation {
  private final ModulePlan plan;
  private final CompileBudget budget;
  private final CompiledFunction[] results;
  private int next;
  private int workers;
  private boolean closed;
  private int failedIndex = Integer.MAX_VALUE;
  private @Nullable RuntimeException failure;
  private @Nullable Error error;

  ParallelCompilation(ModulePlan plan, CompileBudget budget) {
    this.plan = plan;
    this.budget = budget;
    this.results = new CompiledFunction[plan.functions()];
  }

  /**
   * The compiled functions in index order.
   *
   * @param threads most threads to use, the calling one included
   */
  CompiledFunction[] run(int threads, Executor executor) {
    int helpers = Math.min(threads, results.length) - 1;
    for (int i = 0; i < helpers; i++) {
      try {
        executor.execute(this::work);
      } catch (RejectedExecutionException e) {
        break;
      }
    }
    work();
    awaitWorkers();
    return finish();
  }

  private synchronized CompiledFunction[] finish() {
    if (error != null) {
      throw error;
    }
    if (failure != null) {
      throw failure;
    }
    return results;
  }

  private void work() {
    if (!enter()) {
      return;
    }
    try (CompileMeter.Stopwatch stopwatch = budget.startWorker()) {
      FunctionCompiler compiler = new FunctionCompiler(plan);
      for (int i = take(); i >= 0; i = take()) {
        compile(compiler, i);
        stopwatch.lap();
      }
    } catch (Error e) {
      fail(e);
    } finally {
      leave();
    }
  }

  private void compile(FunctionCompiler compiler, int i) {
    try {
      budget.checkProcessorTime();
      CompiledFunction compiled = compiler.compile(plan.firstFunction() + i, budget);
      budget.addCode(compiled.code().length);
      results[i] = compiled;
    } catch (RuntimeException e) {
      fail(i, e);
    }
  }

  private synchronized boolean enter() {
    if (closed) {
      return false;
    }
    workers++;
    return true;
  }

  private synchronized void leave() {
    closed = true;
    workers--;
    notifyAll();
  }

  private synchronized int take() {
    boolean stop = next >= results.length || failure != null || error != null;
    return stop ? -1 : next++;
  }

  private synchronized void fail(int i, RuntimeException e) {
    if (i < failedIndex) {
      failedIndex = i;
      failure = e;
    }
  }

  private synchronized void fail(Error e) {
    error = e;
  }

  private synchronized void awaitWorkers() {
    boolean interrupted = false;
    while (workers > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
