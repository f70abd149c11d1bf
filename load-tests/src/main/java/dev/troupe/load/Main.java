package dev.troupe.load;

import dev.troupe.load.demo.Demo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code troupe load} and {@code troupe demo}. Exit status: 0, or 1 when something was not right.
 */
public final class Main {
  private Main() {}

  /** Runs the command that the arguments name. */
  public static void main(String[] args) {
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> args) {
    boolean verbose = args.contains("--verbose");
    try {
      if (!args.isEmpty() && args.getFirst().equals("demo")) {
        return demo(args.subList(1, args.size()));
      }
      List<String> options = args.isEmpty() ? args : args.subList(1, args.size());
      return new LoadCommand(System.out).run(options);
    } catch (UsageException | IOException e) {
      System.err.println("troupe: " + e.getMessage());
      if (verbose) {
        e.printStackTrace(System.err);
      }
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      System.err.println("troupe: interrupted");
      return 1;
    }
  }

  private static int demo(List<String> options)
      throws UsageException, IOException, InterruptedException {
    if (options.contains("--help")) {
      System.out.println(
          """
          Usage: troupe demo
          Starts a server on a free loopback port, lets ten tenants call real functions with 2,000
          calls in flight (one spins forever, one exceeds its memory, one its rate), shows what
          happens and checks it. Takes under a minute. Exit status 1 when a check fails.\
          """);
      return 0;
    }
    List<String> unknown = options.stream().filter(option -> !option.equals("--verbose")).toList();
    if (!unknown.isEmpty()) {
      throw new UsageException("demo takes no arguments: " + String.join(" ", unknown));
    }
    String root = System.getProperty("troupe.root", Path.of("").toAbsolutePath().toString());
    return new Demo(System.out, Path.of(root, "troupe")).run() ? 0 : 1;
  }
}
