package dev.troupe.gateway.cli;

import java.io.PrintStream;
import java.util.List;

/**
 * The commands that need no server: {@code run}, {@code compile}, {@code inspect}, {@code bench},
 * {@code wast}.
 */
public final class LocalMain {
  private LocalMain() {}

  /** Runs the command named by the first argument and exits with its status. */
  public static void main(String[] args) {
    int status = run(List.of(args), System.out, System.err);
    System.out.flush();
    // Exiting explicitly starts the logging of java.base first, which success need not wait for.
    if (status != 0) {
      System.exit(status);
    }
  }

  /** Runs a command; everything it prints goes to the two streams. */
  static int run(List<String> args, PrintStream out, PrintStream err) {
    if (args.isEmpty()) {
      err.println("troupe: name a command: run, compile, inspect, bench or wast");
      return 1;
    }
    List<String> rest = args.subList(1, args.size());
    boolean verbose = rest.contains("--verbose");
    try {
      return switch (args.getFirst()) {
        case "run" -> new RunCommand(out, err).run(rest);
        case "compile" -> new CompileCommand(out).run(rest);
        case "inspect" -> new InspectCommand(out).run(rest);
        case "bench" -> new BenchCommand(out).run(rest);
        case "wast" -> new WastCommand(out).run(rest);
        default ->
            throw new UsageException(
                "there is no command '" + args.getFirst() + "'; ./troupe --help lists all");
      };
    } catch (UsageException e) {
      err.println("troupe: " + e.getMessage());
      return 1;
    } catch (Exception e) {
      err.println("troupe: " + Failures.sentence(e));
      if (verbose) {
        e.printStackTrace(err);
      }
      return 1;
    }
  }
}
