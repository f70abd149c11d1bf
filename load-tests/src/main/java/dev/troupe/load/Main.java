package dev.troupe.load;

import dev.troupe.load.demo.Demo;
import dev.troupe.load.scenario.ScenarioException;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * {@code troupe load} and {@code troupe demo}. Exit status: 0, or 1 when something was not right.
 */
public final class Main {
  private Main() {}

  /** Runs the command that the arguments name. */
  public static void main(String[] args) {
    System.exit(run(List.of(args), System.out));
  }

  /** Runs a command; returns its exit status. */
  static int run(List<String> args, PrintStream out) {
    Path root = Path.of(System.getProperty("troupe.root", Path.of("").toAbsolutePath().toString()));
    List<String> options = args.isEmpty() ? args : args.subList(1, args.size());
    if (!args.isEmpty() && args.getFirst().equals("demo")) {
      return demo(options, out, root);
    }
    LoadCommand load = new LoadCommand(out, root);
    CommandLine line = new CommandLine(load);
    line.setOut(new java.io.PrintWriter(out, true, java.nio.charset.StandardCharsets.UTF_8));
    line.setParameterExceptionHandler((ParameterException e, String[] given) ->
        mistake(e.getMessage() + "; troupe load --help shows what it takes", e, false));
    line.setExecutionExceptionHandler(
        (Exception e, CommandLine command, CommandLine.ParseResult parsed) ->
            failed(e, load.isVerbose()));
    if (options.isEmpty()) {
      line.usage(out);
      return 1;
    }
    return line.execute(options.toArray(String[]::new));
  }

  private static int failed(Exception e, boolean verbose) throws Exception {
    if (e instanceof UsageException
        || e instanceof ScenarioException
        || e instanceof IOException
        || e instanceof StatusRuntimeException) {
      return mistake(String.valueOf(e.getMessage()), e, verbose);
    }
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
      return mistake("interrupted", e, verbose);
    }
    throw e;
  }

  private static int mistake(String message, Exception e, boolean verbose) {
    System.err.println("troupe: " + message);
    if (verbose) {
      e.printStackTrace(System.err);
    }
    return 1;
  }

  private static int demo(List<String> options, PrintStream out, Path root) {
    if (options.contains("--help")) {
      out.println(
          """
          Usage: troupe demo
          Starts a server on a free loopback port, lets ten tenants call real functions with 2,000
          calls in flight (one spins forever, one exceeds its memory, one its rate), shows what
          happens and checks it. Takes under a minute. Exit status 1 when a check fails.\
          """);
      return 0;
    }
    List<String> unknown = options.stream().filter(option -> !option.equals("--verbose")).toList();
    boolean verbose = unknown.size() < options.size();
    try {
      if (!unknown.isEmpty()) {
        throw new UsageException("demo takes no arguments: " + String.join(" ", unknown));
      }
      return new Demo(out, root.resolve("troupe")).run() ? 0 : 1;
    } catch (UsageException | IOException e) {
      return mistake(String.valueOf(e.getMessage()), e, verbose);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return mistake("interrupted", e, verbose);
    }
  }
}
