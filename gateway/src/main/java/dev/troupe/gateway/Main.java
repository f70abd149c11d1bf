package dev.troupe.gateway;

import dev.troupe.gateway.client.DeployCommand;
import dev.troupe.gateway.client.FunctionCommand;
import dev.troupe.gateway.client.InvokeCommand;
import dev.troupe.gateway.client.StatsCommand;
import dev.troupe.gateway.client.TenantCommand;
import dev.troupe.gateway.observe.BuildInfo;
import dev.troupe.gateway.server.ServeCommand;
import dev.troupe.gateway.server.WarmUpCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code troupe}: the commands that serve or talk to a server. */
@Command(
    name = "troupe",
    mixinStandardHelpOptions = true,
    version = "troupe " + BuildInfo.VERSION,
    description = "Runs untrusted WebAssembly functions of many tenants at native speed.",
    subcommands = {
      ServeCommand.class,
      TenantCommand.class,
      DeployCommand.class,
      FunctionCommand.class,
      InvokeCommand.class,
      StatsCommand.class,
      WarmUpCommand.class
    },
    footer = {
      "",
      "Commands without a server:",
      "  demo      A server, ten tenants, real functions: watch it and check it.",
      "  run       Run an exported function of a module file.",
      "  compile   Compile a module to an ELF artifact; print every stage.",
      "  inspect   Show what an artifact holds, or a module as text.",
      "  bench     Measure compiling, loading, instantiating and running a module.",
      "  wast      Run WebAssembly test scripts.",
      "  load      Load a server with one function or a scenario; write reports.",
      "  fuzz      Run random modules in the engine and in others; show differences.",
      "",
      "Every command has --help. Results go to stdout, everything else to stderr."
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** Runs the command that the arguments name and exits with its status. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command line with all its commands. */
  static CommandLine commandLine() {
    CommandLine commands = new CommandLine(new Main());
    for (CommandLine command : commands.getSubcommands().values()) {
      helpEverywhere(command);
    }
    commands.setParameterExceptionHandler((ParameterException e, String[] args) -> {
      CommandLine failed = e.getCommandLine();
      failed
          .getErr()
          .println(
              "troupe: "
                  + e.getMessage()
                  + "; "
                  + failed.getCommandSpec().qualifiedName()
                  + " --help shows what it takes");
      return 1;
    });
    return commands;
  }

  private static void helpEverywhere(CommandLine command) {
    command.getCommandSpec().mixinStandardHelpOptions(true);
    for (CommandLine sub : command.getSubcommands().values()) {
      helpEverywhere(sub);
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }
}
