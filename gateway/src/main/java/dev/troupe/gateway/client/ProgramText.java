package dev.troupe.gateway.client;

import dev.troupe.functions.v1.ProgramSettings;
import java.util.Locale;
import java.util.TreeMap;

/** The world of a WASI program as lines for people. What is as the server has it is not shown. */
final class ProgramText {
  private final StringBuilder text = new StringBuilder();

  private ProgramText() {}

  static String of(ProgramSettings settings) {
    ProgramText lines = new ProgramText();
    settings.getArgumentsList().forEach(argument -> lines.line("argument", argument));
    new TreeMap<>(settings.getEnvironmentMap())
        .forEach((name, value) -> lines.line("environment", name + "=" + value));
    if (settings.hasScratchBytes()) {
      lines.line("scratch", settings.getScratchBytes() + " bytes");
    }
    if (settings.hasOpenFiles()) {
      lines.line("open files", Integer.toString(settings.getOpenFiles()));
    }
    if (settings.hasWrittenBytes()) {
      lines.line("written", settings.getWrittenBytes() + " bytes");
    }
    return lines.text.toString();
  }

  private void line(String label, String value) {
    text.append(String.format(Locale.ROOT, "  %-16s %s%n", label, value));
  }
}
