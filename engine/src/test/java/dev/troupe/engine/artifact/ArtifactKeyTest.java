package dev.troupe.engine.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Our HMAC-SHA256 is the one that everybody else computes. */
class ArtifactKeyTest {
  @Test
  void macsAreThoseOfThePlatform() throws GeneralSecurityException {
    Random random = new Random(7);
    for (int length = 0; length < 200; length++) {
      byte[] secret = new byte[ArtifactKey.BYTES];
      random.nextBytes(secret);
      byte[] message = new byte[length];
      random.nextBytes(message);
      Mac platform = Mac.getInstance("HmacSHA256");
      platform.init(new SecretKeySpec(secret, "HmacSHA256"));
      assertThat(new ArtifactKey(secret).mac(message)).isEqualTo(platform.doFinal(message));
    }
  }
}
