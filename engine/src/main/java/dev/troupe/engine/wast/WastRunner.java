package dev.troupe.engine.wast;

import dev.troupe.engine.text.Wast;
import dev.troupe.engine.text.WastCommand;
import dev.troupe.engine.text.WatException;
import java.util.List;
import java.util.function.Supplier;

/** Runs scripts, each in a store of its own. */
public final class WastRunner {
  private final Supplier<? extends ScriptHost<?, ?>> hosts;

  /**
   * A runner for one engine.
   *
   * @param hosts opens a fresh store; called once a script
   */
  public WastRunner(Supplier<? extends ScriptHost<?, ?>> hosts) {
    this.hosts = hosts;
  }

  /**
   * Runs one script.
   *
   * @param fileName for messages
   * @param source the script's text
   */
  public WastReport run(String fileName, byte[] source) {
    List<WastCommand> commands;
    try {
      commands = Wast.parse(fileName, source);
    } catch (WatException e) {
      WastReport.Failure failure =
          new WastReport.Failure(fileName, e.line(), "the script is malformed: " + e.reason());
      return new WastReport(0, 1, 0, List.of(failure));
    }
    try (ScriptHost<?, ?> host = hosts.get()) {
      return run(fileName, commands, host);
    }
  }

  private static <M, I> WastReport run(
      String fileName, List<WastCommand> commands, ScriptHost<M, I> host) {
    return new ScriptRun<>(fileName, host).run(commands);
  }
}
