package dev.troupe.wasi;

import dev.troupe.engine.Caller;
import dev.troupe.engine.os.Errno;
import dev.troupe.engine.os.FileCalls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that one guest can see of the world: arguments, environment, open descriptors. Belongs to one
 * store, and like it is used by one thread at a time. Close it after the store, to close its files.
 */
public final class WasiContext implements AutoCloseable {
  private static final String MEMORY = "memory";
  private static final int SCRATCH_BYTES = 256;
  private static final int STANDARD_DESCRIPTORS = 3;
  private static final int DEFAULT_MAX_DESCRIPTORS = 1024;

  private final StringTable arguments;
  private final StringTable environment;
  private final DescriptorTable descriptors;
  private final GuestMemory memory = new GuestMemory();
  private @Nullable MemorySegment scratch;

  private WasiContext(Builder b) {
    arguments = new StringTable(b.arguments);
    environment = new StringTable(b.environment);
    descriptors = new DescriptorTable(b.maxDescriptors);
    int in = descriptors.add(b.stdin.open(this, 0));
    int out = descriptors.add(b.stdout.open(this, 1));
    int err = descriptors.add(b.stderr.open(this, 2));
    if (in != 0 || out != 1 || err != 2) {
      throw new IllegalStateException("standard descriptors got other numbers");
    }
  }

  /** A builder of a guest's world: empty input, output that is thrown away, nothing else. */
  public static Builder builder() {
    return new Builder();
  }

  StringTable arguments() {
    return arguments;
  }

  StringTable environment() {
    return environment;
  }

  DescriptorTable descriptors() {
    return descriptors;
  }

  /** The memory of the calling guest: what it exports by the name that WASI demands. */
  GuestMemory memory(Caller<?> caller) {
    memory.of(caller.memory(MEMORY));
    return memory;
  }

  /** Memory of {@link #SCRATCH_BYTES} bytes for system calls. */
  long scratch() {
    MemorySegment memory = scratch;
    if (memory == null) {
      memory = Arena.ofAuto().allocate(SCRATCH_BYTES + GuestPath.MOST_BYTES, 8);
      scratch = memory;
    }
    return memory.address();
  }

  /** Memory for a path. */
  long pathBuffer() {
    return scratch() + SCRATCH_BYTES;
  }

  private void preopen(Path folder, String name) throws IOException {
    long result = FileCalls.openDirectory(folder);
    if (result < 0) {
      throw new IOException(
          "the folder " + folder + " cannot be opened: " + Errno.describe((int) -result));
    }
    int unused =
        descriptors.add(
            new HostDescriptor(
                this,
                (int) result,
                true,
                FileType.DIRECTORY,
                0,
                Rights.DIRECTORY,
                Rights.ALL,
                name.getBytes(StandardCharsets.UTF_8)));
  }

  /** Closes every file that the guest has left open. Later calls do nothing. */
  @Override
  public void close() {
    descriptors.closeAll();
  }

  /** Where one of the three standard descriptors leads. */
  private interface Standard {
    Descriptor open(WasiContext context, int number);
  }

  /** Collects what the guest gets. */
  public static final class Builder {
    private final List<String> arguments = new ArrayList<>();
    private final List<String> environment = new ArrayList<>();
    private final Map<String, Path> preopens = new LinkedHashMap<>();
    private int maxDescriptors = DEFAULT_MAX_DESCRIPTORS;
    private Standard stdin = new Input(InputStream.nullInputStream());
    private Standard stdout = new Output(OutputStream.nullOutputStream());
    private Standard stderr = stdout;

    private Builder() {}

    /** The arguments, the program's name first. */
    public Builder arguments(List<String> values) {
      arguments.clear();
      arguments.addAll(values);
      return this;
    }

    /** Arguments behind those that are there. */
    public Builder moreArguments(List<String> values) {
      arguments.addAll(values);
      return this;
    }

    /** One more environment variable. */
    public Builder environment(String name, String value) {
      environment.add(name + "=" + value);
      return this;
    }

    /** A folder of the host with all that is beneath it, under a name that the guest looks for. */
    public Builder preopen(Path folder, String guestName) {
      preopens.put(guestName, folder);
      return this;
    }

    /** What the guest reads from its standard input. The host closes it. */
    public Builder stdin(InputStream in) {
      stdin = new Input(in);
      return this;
    }

    /** Where the guest's standard output goes. The host closes it. */
    public Builder stdout(OutputStream out) {
      stdout = new Output(out);
      return this;
    }

    /** Where the guest's standard error goes. The host closes it. */
    public Builder stderr(OutputStream out) {
      stderr = new Output(out);
      return this;
    }

    /** All three standard descriptors are those of this process. */
    public Builder inheritStdio() {
      stdin = new Inherited();
      stdout = stdin;
      stderr = stdin;
      return this;
    }

    /** Descriptors that the guest may have open at once, the first three included. */
    public Builder maxDescriptors(int value) {
      maxDescriptors = value;
      return this;
    }

    /**
     * Opens the folders.
     *
     * @throws IOException when one cannot be opened; the message names it
     * @throws IllegalArgumentException when a setting is wrong
     */
    public WasiContext build() throws IOException {
      for (String variable : environment) {
        if (variable.startsWith("=")) {
          throw new IllegalArgumentException("an environment variable needs a name");
        }
      }
      if (maxDescriptors < STANDARD_DESCRIPTORS + preopens.size()) {
        throw new IllegalArgumentException(
            "maxDescriptors is " + maxDescriptors + ", less than are open at the start");
      }
      WasiContext context = new WasiContext(this);
      try {
        for (Map.Entry<String, Path> preopen : preopens.entrySet()) {
          context.preopen(preopen.getValue(), preopen.getKey());
        }
      } catch (IOException e) {
        context.close();
        throw e;
      }
      return context;
    }
  }

  private record Input(InputStream in) implements Standard {
    @Override
    public Descriptor open(WasiContext context, int number) {
      return new InputDescriptor(in);
    }
  }

  private record Output(OutputStream out) implements Standard {
    @Override
    public Descriptor open(WasiContext context, int number) {
      return new OutputDescriptor(out);
    }
  }

  private record Inherited() implements Standard {
    @Override
    public Descriptor open(WasiContext context, int number) {
      return HostDescriptor.standard(context, number);
    }
  }
}
