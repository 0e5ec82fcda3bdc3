package dev.faultline.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fault.DecodeFault;
import dev.faultline.fault.FaultException;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.Payload;
import dev.faultline.tensor.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Damaged payloads end in a request or in a decode fault, never in anything else, and cost no more memory than they have bytes.
class BinaryDecodeFuzzTest {
  private static final int ROUNDS = Integer.getInteger("faultline.fuzz.rounds", 3_000);

  @ParameterizedTest
  @ValueSource(longs = {1, 20_260, 77_003})
  void damagedPayloadsNeverEscapeTheFaults(long seed) {
    System.out.println("seed " + seed);
    var random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      check(damaged(sound(random), random));
    }
  }

  private static void check(Payload payload) {
    try {
      InferenceRequest request = Binary.decode(payload);
      for (InputTensor input : request.inputs()) {
        assertThat(input.tensor().byteSize()).isLessThanOrEqualTo(payload.length());
      }
    } catch (FaultException e) {
      assertThat(e.fault()).isInstanceOf(DecodeFault.class);
      assertThat(e.fault().summary()).isNotBlank();
    }
  }

  private static Payload sound(Random random) {
    DataType type = List.of(DataType.values()).get(random.nextInt(DataType.values().length));
    int count = random.nextInt(5);
    byte[] first = type == DataType.BYTES ? Binary.texts(text(random), text(random)) : new byte[count * type.width()];
    String shape = type == DataType.BYTES ? "[2]" : "[" + count + "]";
    return Binary.payload(Binary.request(Binary.input("a", type.name(), shape, first.length), Binary.input("b", "FP32", "[2,1]", 8)), first, Binary.floats(1, 2));
  }

  private static String text(Random random) {
    return "é".repeat(random.nextInt(6));
  }

  private static Payload damaged(Payload sound, Random random) {
    byte[] bytes = Arrays.copyOf(sound.copyOfBytes(), random.nextInt(4) == 0 ? random.nextInt(sound.length() + 8) : sound.length());
    for (int flips = random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    String header = random.nextInt(8) == 0 ? Integer.toString(random.nextInt(bytes.length + 10)) : BinaryContentType.announced(sound);
    return Binary.announced(header, bytes);
  }
}
