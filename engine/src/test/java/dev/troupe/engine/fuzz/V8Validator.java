package dev.troupe.engine.fuzz;

import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** V8's compiler of modules. */
final class V8Validator implements Validator {
  private static final Pattern OWN =
      Pattern.compile(
          "0xfc1[3-6]|limit|exceed|larger than|too (many|large|big)|out of memory|Out of"
              + " memory|maximum|@custom|shared|string");

  private final V8 v8;

  V8Validator(V8 v8) {
    this.v8 = v8;
  }

  @Override
  public String name() {
    return "v8";
  }

  @Override
  public boolean readsText() {
    return false;
  }

  @Override
  public String refusal(byte[] module, boolean text) {
    String request = "{\"validate\":\"" + Base64.getEncoder().encodeToString(module) + "\"}";
    List<String> answer = v8.ask(request);
    return answer.getFirst().equals("valid") ? "" : answer.get(1);
  }

  @Override
  public boolean isItsOwn(String refusal) {
    return OWN.matcher(refusal).find();
  }

  @Override
  public void close() {
    v8.close();
  }
}
