package dev.troupe.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.functions.v1.ExportedFunction;
import dev.troupe.functions.v1.FunctionVersion;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.ValueType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What {@code invoke} calls, and that it drops nothing of the command line. */
class CalleeTest {
  private static final ExportedFunction START = export("_start");
  private static final ExportedFunction INITIALIZE = export("_initialize");

  private static ExportedFunction export(String name, ValueType... parameters) {
    return ExportedFunction.newBuilder()
        .setName(name)
        .addAllParameters(List.of(parameters))
        .build();
  }

  private static FunctionVersion version(boolean wasi, ExportedFunction... exports) {
    return FunctionVersion.newBuilder()
        .setName("v")
        .setWasi(wasi)
        .addAllExports(List.of(exports))
        .build();
  }

  private static InvokeRequest request(
      FunctionVersion version, @Nullable String entryPoint, String... arguments) throws Exception {
    InvokeRequest.Builder request = InvokeRequest.newBuilder();
    Callee.of(version, entryPoint).addTo(request, List.of(arguments));
    return request.build();
  }

  @Test
  void commandRunsWithoutValues() throws Exception {
    InvokeRequest request = request(version(true, INITIALIZE, START), null);
    assertThat(request.getEntryPoint()).isEqualTo("_start");
    assertThat(request.hasPayload()).isTrue();
    assertThatThrownBy(() -> request(version(true, START), null, "1"))
        .isInstanceOf(ClientCommand.UsageException.class)
        .hasMessageContaining("--arg");
  }

  @Test
  void commandIsWhatTheServerTakesForOne() throws Exception {
    // Not a program without WASI, nor with parameters, nor when it has a handler of bytes.
    assertThat(request(version(false, START), null).hasValues()).isTrue();
    ExportedFunction odd = export("_start", ValueType.VALUE_TYPE_I32);
    assertThat(request(version(true, odd), null, "7").getValues().getValues(0).getI32())
        .isEqualTo(7);
    assertThatThrownBy(() -> request(version(true, START, export("handle")), null))
        .hasMessageContaining("--invoke");
  }

  @Test
  void entryPointsOfReactorsRunAsPrograms() throws Exception {
    ExportedFunction twice = export("twice", ValueType.VALUE_TYPE_I32);
    FunctionVersion reactor = version(true, INITIALIZE, export("hello"), twice);
    assertThat(request(reactor, "hello").hasPayload()).isTrue();
    assertThat(request(reactor, "twice", "3").getValues().getValuesCount()).isEqualTo(1);
    assertThat(request(version(true, INITIALIZE, twice), null, "3").getEntryPoint())
        .isEqualTo("twice");
    assertThatThrownBy(() -> request(reactor, "hello", "3")).hasMessageContaining("no values");
    assertThatThrownBy(() -> request(reactor, "twice")).hasMessageContaining("takes 1 arguments");
    assertThatThrownBy(() -> request(reactor, "other")).hasMessageContaining("hello, twice");
  }
}
