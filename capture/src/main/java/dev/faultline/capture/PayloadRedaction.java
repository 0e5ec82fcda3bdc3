package dev.faultline.capture;

import com.fasterxml.jackson.core.JsonToken;
import dev.faultline.capture.JsonValue.Items;
import dev.faultline.capture.JsonValue.Member;
import dev.faultline.capture.JsonValue.Members;
import dev.faultline.capture.JsonValue.Scalar;
import dev.faultline.contract.TensorSpec;
import dev.faultline.request.Payload;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Redacts one V2 or V1 JSON payload, and the binary tensors behind it. The rules are those of [Redaction].
///
/// Longer than most files: the two protocols and everything a caller can get wrong about them have to be told apart here.
final class PayloadRedaction {
  private static final Set<String> TENSOR = Set.of("name", "shape", "datatype", "parameters");

  private final Redaction redaction;
  private final Payload payload;
  private final List<TensorSpec> specs;
  private final byte[] json;
  private final byte[] binary;
  private final List<Scalar> hidden = new ArrayList<>();

  PayloadRedaction(Redaction redaction, Payload payload, Redaction.Form form) {
    this.redaction = redaction;
    this.payload = payload;
    this.specs = form.inputs();
    int split = form.jsonBytes() < 0 ? payload.length() : Math.min(form.jsonBytes(), payload.length());
    byte[] all = payload.copyOfBytes();
    this.json = Arrays.copyOf(all, split);
    this.binary = Arrays.copyOfRange(all, split, all.length);
  }

  Redaction.Redacted redacted() {
    Optional<JsonValue> document = json.length > Redaction.JSON_BYTES_MAX ? Optional.empty() : JsonValue.read(json);
    if (document.isEmpty()) {
      return Redaction.withheld(payload);
    }
    document(document.get());
    boolean zeroed = binary.length > 0 && BinaryRedaction.zero(binary, stretches(document.get()));
    return hidden.isEmpty() && !zeroed
        ? new Redaction.Redacted(payload, false)
        : new Redaction.Redacted(Payload.of(spliced(), payload.contentType()), true);
  }

  // ---- the envelope

  private void document(JsonValue document) {
    if (document instanceof Members root && root.all().stream().anyMatch(PayloadRedaction::isBatch)) {
      root.all().forEach(this::envelope);
    } else {
      hide(document);
    }
  }

  private static boolean isBatch(Member member) {
    return Set.of("inputs", "instances").contains(member.name()) && !(member.value() instanceof Scalar);
  }

  private void envelope(Member member) {
    switch (member.name()) {
      case "inputs", "outputs" -> inputs(member.value());
      case "instances" -> instances(member.value());
      case "id", "signature_name" -> {}
      case "parameters" -> byName(member.value());
      default -> hide(member.value());
    }
  }

  /// Values are hidden where a member above them has a hidden name.
  private void byName(JsonValue value) {
    switch (value) {
      case Scalar _ -> {}
      case Items items -> items.all().forEach(this::byName);
      case Members members -> members.all().forEach(this::memberByName);
    }
  }

  private void memberByName(Member member) {
    if (redaction.hidesMember(member.folded())) {
      hide(member.value());
    } else {
      byName(member.value());
    }
  }

  // ---- V2: an array of named tensors

  private void inputs(JsonValue value) {
    switch (value) {
      case Scalar scalar -> hide(scalar);
      case Items items -> items.all().forEach(this::input);
      // TensorFlow's columnar form: a member for each tensor
      case Members record -> record(record);
    }
  }

  private void input(JsonValue value) {
    if (value instanceof Members tensor) {
      tensor.all().forEach(member -> tensorMember(tensor, member, columns(tensor)));
    } else {
      hide(value);
    }
  }

  private void tensorMember(Members tensor, Member member, Columns columns) {
    if (member.name().equals("parameters")) {
      byName(member.value());
    } else if (member.name().equals("data")) {
      elements(member.value(), columns, lastExtent(tensor));
    } else if (!TENSOR.contains(member.name()) && !columns.equals(Columns.noOne())) {
      hide(member.value());
    }
  }

  /// What is hidden of a tensor: all of it when its name is missing or said twice.
  private Columns columns(Members tensor) {
    List<JsonValue> names = members(tensor, "name");
    return names.size() == 1 && names.getFirst() instanceof Scalar(var token, _, _, var text) && token == JsonToken.VALUE_STRING
        ? redaction.columnsOf(Redaction.folded(text), specs)
        : Columns.all();
  }

  private static List<JsonValue> members(Members object, String name) {
    return object.all().stream().filter(each -> each.name().equals(name)).map(Member::value).toList();
  }

  /// The last number of the shape, -1 when there is no such thing.
  private int lastExtent(Members tensor) {
    List<JsonValue> shapes = members(tensor, "shape");
    if (shapes.size() != 1 || !(shapes.getFirst() instanceof Items(var extents)) || extents.isEmpty()) {
      return -1;
    }
    return extents.getLast() instanceof Scalar scalar && scalar.token() == JsonToken.VALUE_NUMBER_INT ? small(scalar) : -1;
  }

  private int small(Scalar scalar) {
    String digits = new String(json, scalar.start(), scalar.end() - scalar.start(), StandardCharsets.UTF_8);
    return digits.matches("0|[1-9]\\d{0,8}") ? Integer.parseInt(digits) : -1;
  }

  // ---- binary tensors: those of the inputs that have no data in the header, in order

  private List<BinaryRedaction.Stretch> stretches(JsonValue document) {
    var inputs = new ArrayList<JsonValue>();
    if (document instanceof Members root) {
      members(root, "inputs").forEach(each -> inputs.addAll(each instanceof Items(var all) ? all : List.of()));
    }
    var stretches = new ArrayList<BinaryRedaction.Stretch>();
    for (JsonValue input : inputs) {
      if (input instanceof Members tensor && members(tensor, "data").isEmpty()) {
        stretches.add(new BinaryRedaction.Stretch(binarySize(tensor), datatype(tensor), lastExtent(tensor), columns(tensor)));
      }
    }
    // nothing says whose the bytes are
    return stretches.isEmpty() ? List.of(new BinaryRedaction.Stretch(-1, "", 0, Columns.all())) : stretches;
  }

  private int binarySize(Members tensor) {
    List<JsonValue> parameters = members(tensor, "parameters");
    if (parameters.size() != 1 || !(parameters.getFirst() instanceof Members all)) {
      return -1;
    }
    List<JsonValue> sizes = members(all, "binary_data_size");
    return sizes.size() == 1 && sizes.getFirst() instanceof Scalar scalar ? small(scalar) : -1;
  }

  private static String datatype(Members tensor) {
    return members(tensor, "datatype").stream().map(each -> each instanceof Scalar scalar ? scalar.text() : "").findFirst().orElse("");
  }

  // ---- elements

  /// Flat data has its columns every `lastExtent` elements, nested data in its innermost arrays.
  private void elements(JsonValue data, Columns columns, int lastExtent) {
    switch (columns) {
      case Columns.NoOne _ -> {}
      case Columns.All _ -> hide(data);
      case Columns.Some some -> {
        if (data instanceof Items(var all) && all.stream().allMatch(Scalar.class::isInstance)) {
          flat(all, some, lastExtent);
        } else {
          nested(data, some);
        }
      }
    }
  }

  private void flat(List<JsonValue> all, Columns columns, int lastExtent) {
    boolean whole = lastExtent > 0 && all.size() % lastExtent == 0;
    for (int i = 0; i < all.size(); i++) {
      if (!whole || columns.hide(i % lastExtent, lastExtent)) {
        hide(all.get(i));
      }
    }
  }

  private void nested(JsonValue value, Columns columns) {
    if (value instanceof Items(var all) && all.stream().allMatch(Items.class::isInstance)) {
      all.forEach(each -> nested(each, columns));
    } else if (value instanceof Items(var all) && all.stream().allMatch(Scalar.class::isInstance)) {
      flat(all, columns, all.size());
    } else {
      hide(value);
    }
  }

  // ---- V1: records or rows

  private void instances(JsonValue value) {
    if (value instanceof Items(var all)) {
      all.forEach(this::instance);
    } else {
      hide(value);
    }
  }

  private void instance(JsonValue value) {
    switch (value) {
      case Members record -> record(record);
      // rows and scalars are the only input's; without a contract that says so they may be anything
      case Items row -> nestedRow(row);
      case Scalar scalar -> nestedRow(scalar);
    }
  }

  private void nestedRow(JsonValue row) {
    Columns columns = specs.size() == 1 ? Columns.of(redaction, specs.getFirst()) : Columns.all();
    switch (columns) {
      case Columns.NoOne _ -> {}
      case Columns.All _ -> hide(row);
      case Columns.Some some -> nested(row, some);
    }
  }

  private void record(Members record) {
    for (Member member : record.all()) {
      Columns columns = recordMember(member.folded());
      switch (columns) {
        case Columns.NoOne _ -> byName(member.value());
        case Columns.All _ -> hide(member.value());
        case Columns.Some some -> nested(member.value(), some);
      }
    }
  }

  /// A record's member is a tensor, a column of one, or unknown.
  private Columns recordMember(String name) {
    if (redaction.hidesMember(name)) {
      return Columns.all();
    }
    for (TensorSpec spec : specs) {
      if (spec.columns().stream().anyMatch(column -> Redaction.folded(column).equals(name))) {
        return redaction.hidesTensor(Redaction.folded(spec.name())) ? Columns.all() : Columns.noOne();
      }
    }
    return redaction.columnsOf(name, specs);
  }

  // ---- replacing

  private void hide(JsonValue value) {
    value.collect(hidden);
  }

  private byte[] spliced() {
    hidden.sort(Comparator.comparingInt(Scalar::start));
    var out = new ByteArrayOutputStream(payload.length());
    int at = 0;
    for (Scalar scalar : hidden) {
      out.write(json, at, scalar.start() - at);
      out.writeBytes(replacement(scalar));
      at = scalar.end();
    }
    out.write(json, at, json.length - at);
    out.writeBytes(binary);
    return out.toByteArray();
  }

  private byte[] replacement(Scalar scalar) {
    String text =
        switch (scalar.token()) {
          case VALUE_STRING -> quoted(redaction.replacement());
          case VALUE_TRUE, VALUE_FALSE -> "false";
          case VALUE_NULL -> "null";
          default -> "0";
        };
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String quoted(String text) {
    return '"' + new String(com.fasterxml.jackson.core.io.JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}
