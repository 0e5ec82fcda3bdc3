package dev.faultline.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.contract.Contract;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.Stage;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.tensor.DataType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Valid requests with bytes changed, cut, doubled and swapped: out comes a request or a fault of DECODE, never anything else.
class DecodeFuzzTest {
  private static final int ROUNDS = 10_000;

  private static final List<String> V2 =
      List.of(
          "{\"id\":\"a1\",\"parameters\":{\"timeout\":5,\"p\":0.5,\"t\":\"x\"},\"inputs\":[{\"name\":\"x\",\"shape\":[2,2],\"datatype\":\"FP32\","
              + "\"data\":[[1,2.5],[NaN,-Infinity]]},{\"name\":\"y\",\"datatype\":\"UINT64\",\"shape\":[2],\"data\":[18446744073709551615,1e3]}],"
              + "\"outputs\":[{\"name\":\"z\",\"parameters\":{\"binary_data\":false}}]}",
          "{\"inputs\":[{\"data\":[\"hé\",\"\\u00e9\\ud83d\\ude00\",null],\"shape\":[3,1],\"name\":\"s\",\"datatype\":\"BYTES\"},"
              + "{\"name\":\"b\",\"shape\":[3],\"datatype\":\"BOOL\",\"data\":[true,false,true]},{\"name\":\"i\",\"shape\":[],\"datatype\":\"INT8\",\"data\":[-128]}]}");
  private static final List<String> V1 =
      List.of(
          "{\"signature_name\":\"s\",\"instances\":[{\"speed\":120,\"origin\":\"TX\",\"v\":[1,2]},{\"speed\":1e2,\"other\":{\"a\":1},\"v\":[3,null]}]}",
          "{\"instances\":[[1,2],[3,4.5],[\"5\",null]]}");
  private static final List<String> PIECES =
      List.of(
          "null", "NaN", "-INF", "1e999", "-1e99999999999", "0.1e-400", "[", "]", "{", "}", ",", ":", "\"", "\\", "\\ud800", "true", "[]", "{}", "\"data\"",
          "\"shape\":[1000000000000],", "\"datatype\":\"FP16\",", "99999999999999999999", "-", "\u0000", "\uFEFF", " ", "\n");
  private static final Contract RECORDS =
      contract(spec("speed", DataType.FP32, 1), spec("origin", DataType.BYTES, 1), spec("v", DataType.INT32, 2));
  private static final Contract ROWS = contract(spec("x", DataType.FP64, 2));

  @Test
  void onlyRequestsAndDecodeFaultsComeOutOfV2() {
    fuzz(V2, json -> new RequestFromJson().decode(Wire.arrival(json)));
  }

  @Test
  void onlyRequestsAndDecodeFaultsComeOutOfV1() {
    fuzz(V1, json -> new RequestFromV1Json().decode(Wire.arrival(json), _ -> Optional.of(RECORDS)));
    fuzz(V1, json -> new RequestFromV1Json().decode(Wire.arrival(json), _ -> Optional.of(ROWS)));
  }

  private interface Decoding {
    InferenceRequest decode(byte[] json);
  }

  private static void fuzz(List<String> seeds, Decoding decoding) {
    long seed = System.nanoTime();
    System.out.println("DecodeFuzzTest seed " + seed);
    var random = new Random(seed);
    int served = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] mutated = mutate(seeds.get(random.nextInt(seeds.size())), random);
      served += survives(mutated, decoding) ? 1 : 0;
    }
    assertThat(served).as("requests that were still readable").isBetween(ROUNDS / 100, ROUNDS);
  }

  private static boolean survives(byte[] json, Decoding decoding) {
    try {
      for (InputTensor input : decoding.decode(json).inputs()) {
        assertThat(Wire.texts(input)).doesNotContainNull();
        assertThat(input.misfits().size()).isLessThanOrEqualTo(input.misfitCount());
      }
      return true;
    } catch (FaultException e) {
      assertThat(e.fault().stage()).isEqualTo(Stage.DECODE);
      assertThat(e.fault().summary()).isNotBlank().hasSizeLessThan(1_000);
      return false;
    } catch (RuntimeException e) {
      throw new AssertionError("not a fault, for " + new String(json, StandardCharsets.UTF_8), e);
    }
  }

  private static byte[] mutate(String valid, Random random) {
    byte[] bytes = valid.getBytes(StandardCharsets.UTF_8);
    int changes = random.nextInt(4);
    for (int i = 0; i < changes && bytes.length > 1; i++) {
      bytes = mutateOnce(bytes, random);
    }
    return bytes;
  }

  private static byte[] mutateOnce(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length);
    int to = Math.min(bytes.length, at + 1 + random.nextInt(12));
    return switch (random.nextInt(6)) {
      case 0 -> changed(bytes, at, (byte) random.nextInt(256));
      case 1 -> spliced(bytes, at, at, PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8));
      case 2 -> spliced(bytes, at, to, PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8));
      case 3 -> spliced(bytes, at, to, new byte[0]);
      case 4 -> spliced(bytes, to, to, Arrays.copyOfRange(bytes, at, to));
      default -> random.nextInt(5) == 0 ? Arrays.copyOf(bytes, at) : changed(bytes, at, bytes[random.nextInt(bytes.length)]);
    };
  }

  private static byte[] changed(byte[] bytes, int at, byte value) {
    byte[] copy = bytes.clone();
    copy[at] = value;
    return copy;
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] piece) {
    byte[] result = new byte[bytes.length - (to - from) + piece.length];
    System.arraycopy(bytes, 0, result, 0, from);
    System.arraycopy(piece, 0, result, from, piece.length);
    System.arraycopy(bytes, to, result, from + piece.length, bytes.length - to);
    return result;
  }

  private static Contract contract(TensorSpec... inputs) {
    return new Contract(List.of(inputs), List.of(), List.of(), List.of(), List.of());
  }

  private static TensorSpec spec(String name, DataType type, long width) {
    return TensorSpec.of(name, type, List.of(new Dimension.Free(), new Dimension.Fixed(width)));
  }
}
