package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import dev.faultline.request.InputTensor;
import dev.faultline.request.Misfit;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The elements of one tensor while their JSON is read: numbers go straight into the storage the engine will see.
///
/// What an element may be, by data type:
///
/// | JSON | floating | integer | BOOL | BYTES |
/// |---|---|---|---|---|
/// | `null` | NULL | NULL | NULL | NULL |
/// | `true`, `false` | WRONG_TYPE | WRONG_TYPE | value | WRONG_TYPE |
/// | whole number, also `3.0` and `1e3` | value | value | WRONG_TYPE, as in Triton | WRONG_TYPE |
/// | `3.5` | value | NOT_INTEGRAL | WRONG_TYPE | WRONG_TYPE |
/// | number the type cannot hold: `300` for UINT8, `1e999`, `1e39` for FP32 | OUT_OF_RANGE | OUT_OF_RANGE | WRONG_TYPE | WRONG_TYPE |
/// | bare `NaN`, `Infinity`, `-Infinity`, as Python writes them | value | WRONG_TYPE | WRONG_TYPE | WRONG_TYPE |
/// | string | WRONG_TYPE | WRONG_TYPE | WRONG_TYPE | value; half a surrogate pair is WRONG_TYPE |
/// | object, array | WRONG_TYPE | WRONG_TYPE | WRONG_TYPE | WRONG_TYPE |
///
/// Storage grows with what is read and never with what a shape announces. Longer than most files because the table is one idea.
final class ElementSink {
  private static final int START_COUNT = 16;

  private final DataType type;
  private final long countMax;
  private ByteBuffer numbers = ByteBuffer.allocate(0);
  private byte[][] texts = {};
  private int capacity;
  private int count;
  private @Nullable Misfits misfits;

  /// @param countMax elements that will be stored at most; storage never grows beyond it
  ElementSink(DataType type, long countMax) {
    this.type = type;
    this.countMax = countMax;
  }

  /// Elements there is storage for.
  int capacity() {
    return capacity;
  }

  /// Room for `more` elements, to be put in any order.
  ///
  /// @return index of the first
  int grow(int more) {
    int first = count;
    count = Math.addExact(count, more);
    if (count > capacity) {
      long wanted = Math.max(count, Math.max(START_COUNT, 2L * capacity));
      resize(Math.toIntExact(Math.min(wanted, Math.max(count, countMax))));
    }
    return first;
  }

  /// Reads the value the parser stands on into the element at `index`.
  void put(JsonParser parser, int index) throws IOException {
    switch (type) {
      case FP32 -> putFloat(parser, index);
      case FP64 -> putDouble(parser, index);
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> putInteger(parser, index);
      case BOOL -> putBoolean(parser, index);
      case BYTES -> putText(parser, index);
      case FP16, BF16 -> throw new IllegalStateException(type + " has no JSON form");
    }
  }

  /// The element has no value at all, as when a record lacks the member.
  void putAbsent(int index) {
    misfit(index, Misfit.Kind.NULL, "absent");
  }

  /// @param sizeBreach empty, or how the data contradicts the shape
  InputTensor tensor(String name, Shape shape, InputTensor.Layout layout, int position, String sizeBreach) {
    if (!sizeBreach.isEmpty()) {
      return new InputTensor(empty(name), layout, position, List.of(), 0, sizeBreach);
    }
    var tensor = new Tensor(name, type, shape, elements());
    return misfits == null
        ? InputTensor.of(tensor, layout, position)
        : new InputTensor(tensor, layout, position, misfits.kept(), misfits.count(), "");
  }

  private Tensor empty(String name) {
    Elements none = type == DataType.BYTES ? Elements.strings(new byte[0][]) : Elements.fixed(type, ByteBuffer.allocate(0));
    return new Tensor(name, type, Shape.of(0), none);
  }

  private Elements elements() {
    if (type == DataType.BYTES) {
      return Elements.strings(capacity == count ? texts : Arrays.copyOf(texts, count));
    }
    return Elements.fixed(type, numbers.limit(count * type.width()));
  }

  private void resize(int newCapacity) {
    if (type == DataType.BYTES) {
      texts = Arrays.copyOf(texts, newCapacity);
    } else {
      ByteBuffer larger = Elements.allocate(type, newCapacity);
      larger.put(0, numbers, 0, numbers.capacity());
      numbers = larger;
    }
    capacity = newCapacity;
  }

  private void putFloat(JsonParser parser, int index) throws IOException {
    float value;
    if (parser.hasToken(JsonToken.VALUE_NUMBER_FLOAT)) {
      value = parser.isNaN() ? 0 : parser.getFloatValue();
    } else if (parser.hasToken(JsonToken.VALUE_NUMBER_INT)) {
      value = parser.getNumberType() == NumberType.BIG_INTEGER ? parser.getBigIntegerValue().floatValue() : parser.getLongValue();
    } else {
      notANumber(parser, index);
      return;
    }
    if (Float.isInfinite(value)) {
      misfit(index, Misfit.Kind.OUT_OF_RANGE, JsonValue.text(parser));
    } else if (parser.isNaN()) {
      putNonfinite(parser, index);
    } else {
      numbers.putFloat(index * Float.BYTES, value);
    }
  }

  private void putDouble(JsonParser parser, int index) throws IOException {
    double value;
    if (parser.hasToken(JsonToken.VALUE_NUMBER_FLOAT)) {
      value = parser.isNaN() ? 0 : parser.getDoubleValue();
    } else if (parser.hasToken(JsonToken.VALUE_NUMBER_INT)) {
      value = parser.getNumberType() == NumberType.BIG_INTEGER ? parser.getBigIntegerValue().doubleValue() : parser.getLongValue();
    } else {
      notANumber(parser, index);
      return;
    }
    if (Double.isInfinite(value)) {
      misfit(index, Misfit.Kind.OUT_OF_RANGE, JsonValue.text(parser));
    } else if (parser.isNaN()) {
      putNonfinite(parser, index);
    } else {
      numbers.putDouble(index * Double.BYTES, value);
    }
  }

  /// Only the three spellings Python writes; Jackson would take `-INF` and `+Infinity` too.
  private void putNonfinite(JsonParser parser, int index) throws IOException {
    switch (parser.getText()) {
      case "NaN" -> store(index, Double.NaN);
      case "Infinity" -> store(index, Double.POSITIVE_INFINITY);
      case "-Infinity" -> store(index, Double.NEGATIVE_INFINITY);
      default -> misfit(index, Misfit.Kind.WRONG_TYPE, JsonValue.text(parser));
    }
  }

  private void putInteger(JsonParser parser, int index) throws IOException {
    if (parser.hasToken(JsonToken.VALUE_NUMBER_INT)) {
      NumberType size = parser.getNumberType();
      if (size == NumberType.BIG_INTEGER) {
        putWhole(WholeNumber.of(parser.getBigIntegerValue(), type), parser, index);
      } else {
        putWhole(WholeNumber.of(parser.getLongValue(), type), parser, index);
      }
    } else if (parser.hasToken(JsonToken.VALUE_NUMBER_FLOAT) && !parser.isNaN()) {
      putWhole(WholeNumber.of(parser.getText(), parser.getDoubleValue(), type), parser, index);
    } else {
      notANumber(parser, index);
    }
  }

  private void putWhole(WholeNumber number, JsonParser parser, int index) throws IOException {
    switch (number.fit()) {
      case FITS -> store(index, number.bits());
      case NOT_INTEGRAL -> misfit(index, Misfit.Kind.NOT_INTEGRAL, JsonValue.text(parser));
      case OUT_OF_RANGE -> misfit(index, Misfit.Kind.OUT_OF_RANGE, JsonValue.text(parser));
    }
  }

  private void putBoolean(JsonParser parser, int index) throws IOException {
    if (parser.hasToken(JsonToken.VALUE_TRUE)) {
      numbers.put(index, (byte) 1);
    } else if (parser.hasToken(JsonToken.VALUE_FALSE)) {
      numbers.put(index, (byte) 0);
    } else {
      notANumber(parser, index);
    }
  }

  private void putText(JsonParser parser, int index) throws IOException {
    if (!parser.hasToken(JsonToken.VALUE_STRING)) {
      notANumber(parser, index);
      return;
    }
    String text = parser.getText();
    if (Excerpt.isSound(text)) {
      texts[index] = text.getBytes(StandardCharsets.UTF_8);
    } else {
      misfit(index, Misfit.Kind.WRONG_TYPE, "text with half of a surrogate pair");
    }
  }

  /// The value is of another kind altogether.
  private void notANumber(JsonParser parser, int index) throws IOException {
    boolean none = parser.hasToken(JsonToken.VALUE_NULL);
    misfit(index, none ? Misfit.Kind.NULL : Misfit.Kind.WRONG_TYPE, JsonValue.text(parser));
    parser.skipChildren();
  }

  private void misfit(int index, Misfit.Kind kind, String got) {
    fill(index);
    if (misfits == null) {
      misfits = new Misfits();
    }
    misfits.add(index, kind, got);
  }

  /// What stands in for a misfit: NaN, zero, false or the empty text.
  private void fill(int index) {
    if (type == DataType.BYTES) {
      texts[index] = new byte[0];
    } else if (type.isFloating()) {
      store(index, Double.NaN);
    }
  }

  private void store(int index, double value) {
    if (type == DataType.FP32) {
      numbers.putFloat(index * Float.BYTES, (float) value);
    } else {
      numbers.putDouble(index * Double.BYTES, value);
    }
  }

  private void store(int index, long bits) {
    switch (type.width()) {
      case 1 -> numbers.put(index, (byte) bits);
      case 2 -> numbers.putShort(index * Short.BYTES, (short) bits);
      case 4 -> numbers.putInt(index * Integer.BYTES, (int) bits);
      default -> numbers.putLong(index * Long.BYTES, bits);
    }
  }
}
