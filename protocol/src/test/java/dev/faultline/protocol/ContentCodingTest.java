package dev.faultline.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.fault.DecodeFault;
import dev.faultline.fault.FaultException;
import dev.faultline.request.Payload;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ContentCodingTest {
  private static final int MIB = 1 << 20;

  @ParameterizedTest
  @EnumSource
  void whatWasCompressedComesBackWithItsContentType(ContentCoding coding) {
    for (int length : new int[] {0, 1, 4_095, 4_096, 4_097, MIB}) {
      byte[] bytes = new byte[length];
      new Random(length).nextBytes(bytes);
      Payload back = coding.decode(coding.encode(Payload.of(bytes, "application/json")), Math.max(1, length));
      assertThat(back.copyOfBytes()).isEqualTo(bytes);
      assertThat(back.contentType()).isEqualTo("application/json");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBombIsRefusedBeforeItHasFilledTheMemory(ContentCoding coding) {
    Payload bomb = coding.encode(Payload.of(new byte[256 * MIB], "application/json"));
    long before = allocated();
    assertThatThrownBy(() -> coding.decode(bomb, MIB))
        .isInstanceOfSatisfying(FaultException.class, e -> assertThat(e.fault()).isEqualTo(new DecodeFault.TooLarge(-1, MIB)));
    assertThat(allocated() - before).isLessThan(16 * MIB);
  }

  @ParameterizedTest
  @EnumSource
  void damagedAndCutOffDataIsTheCallersMistake(ContentCoding coding) {
    byte[] sound = coding.encode(Payload.of(new byte[10_000], "application/json")).copyOfBytes();
    for (byte[] bad : new byte[][] {{}, {1}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, Arrays.copyOf(sound, sound.length / 2)}) {
      assertThatThrownBy(() -> coding.decode(Payload.of(bad, "application/json"), MIB))
          .isInstanceOfSatisfying(FaultException.class, e -> assertThat(e.fault()).isInstanceOf(DecodeFault.EncodingUnsupported.class));
    }
  }

  @Test
  void bareDeflateIsReadToo() {
    byte[] text = "{\"inputs\":[]}".repeat(50).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(text);
    deflater.finish();
    byte[] bare = new byte[text.length];
    int count = deflater.deflate(bare);
    deflater.end();
    assertThat(ContentCoding.DEFLATE.decode(Payload.of(bare, 0, count, ""), MIB).copyOfBytes()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "gzip | gzip", "deflate | deflate", "gzip, deflate, br | gzip", "deflate, gzip | gzip", "gzip;q=0.5, deflate | deflate", "GZIP | gzip",
    "gzip;q=0 | ''", "br | ''", "* | ''", "'' | ''", "identity | ''", "x-gzip | gzip", "gzip; q=0, deflate;q=0.001 | deflate"
  })
  void theCodingWithTheHighestWeightIsTaken(String accept, String expected) {
    assertThat(ContentCoding.accepted(accept).map(ContentCoding::token).orElse("")).isEqualTo(expected);
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
