package dev.faultline.capture;

import dev.faultline.contract.FieldRef;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.Field;
import dev.faultline.request.Payload;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What is never kept, by name: tensors, columns of tensors (`tensor.column`), members of KServe V1 records, headers.
///
/// Applied before anything is written. A redacted JSON payload stays the document it was, byte for byte, but for the hidden values:
/// numbers become 0, strings the replacement, booleans `false`; `null` stays, because a missing value is
/// often the fault. A hidden binary element becomes zeros of the same length. So a redacted payload can still be decoded; a replay
/// of it may end otherwise, which is why the capture says `redacted`.
///
/// In doubt it hides: names are compared without case; an input without a name, an input that the contract does not know, a tensor
/// whose columns cannot be told apart, and every value of a document of another form than V2 or V1. What cannot be read at all, such
/// as malformed JSON, or JSON beyond [#JSON_BYTES_MAX], is replaced by its length and hash ([#WITHHELD]).
public final class Redaction {
  /// Content type of what stands in for a payload that could not be redacted value by value.
  public static final String WITHHELD = "application/vnd.faultline.withheld+json";

  /// A larger JSON document is withheld instead of taken apart.
  public static final int JSON_BYTES_MAX = 8 << 20;

  public static final String REPLACEMENT_DEFAULT = "[redacted]";

  /// Hides nothing.
  public static final Redaction NONE = of(List.of(), List.of());

  /// A payload after redaction, and whether anything in it was hidden.
  public record Redacted(Payload payload, boolean changed) {}

  /// What a payload is, for those who look into it. `jsonBytes` is the value of `Inference-Header-Content-Length`, or -1 when the
  /// whole payload is one form. `inputs` is what the contract knows, empty when no version was resolved.
  public record Form(Encoding encoding, int jsonBytes, List<TensorSpec> inputs) {
    public Form {
      inputs = List.copyOf(inputs);
    }

    public static Form json(List<TensorSpec> inputs) {
      return new Form(Encoding.JSON, -1, inputs);
    }
  }

  /// How a payload is written.
  public enum Encoding {
    /// V2 or V1 JSON, perhaps followed by binary tensors.
    JSON,
    /// The elements of the only input and nothing else.
    RAW,
    /// Anything else, such as protocol buffers: nothing in it can be named.
    OPAQUE
  }

  private final Set<String> tensors = new HashSet<>();
  private final Set<FieldRef> columns = new HashSet<>();
  private final Set<String> headers = new HashSet<>();
  private final String replacement;

  private Redaction(List<String> fields, List<String> headers, String replacement) {
    for (String field : fields) {
      addField(folded(field));
    }
    headers.forEach(header -> this.headers.add(folded(header)));
    this.replacement = replacement;
  }

  /// @param fields tensors, `tensor.column`, members of V1 records
  public static Redaction of(List<String> fields, List<String> headers) {
    return new Redaction(fields, headers, REPLACEMENT_DEFAULT);
  }

  public static Redaction of(List<String> fields, List<String> headers, String replacement) {
    return new Redaction(fields, headers, replacement);
  }

  private void addField(String field) {
    // a tensor's own name may hold a dot, so a dotted name means both
    tensors.add(field);
    for (int dot = field.indexOf('.'); dot > 0; dot = field.indexOf('.', dot + 1)) {
      columns.add(new FieldRef(field.substring(0, dot), field.substring(dot + 1)));
    }
  }

  static String folded(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }

  String replacement() {
    return replacement;
  }

  boolean hidesNoField() {
    return tensors.isEmpty();
  }

  /// Whether anything that the reference names is hidden: for a whole tensor, any of its columns is enough.
  public boolean hides(FieldRef field) {
    String tensor = folded(field.tensor());
    String column = folded(field.column());
    return hidesTensor(tensor)
        || (column.isEmpty() ? hasHiddenColumn(tensor) : columns.contains(new FieldRef(tensor, column)) || tensors.contains(column));
  }

  /// As [#hides(FieldRef)], for the field of a fault.
  public boolean hides(Field field) {
    return hides(new FieldRef(field.tensor(), field.column()));
  }

  /// The headers, hidden values replaced.
  public Map<String, String> headers(Map<String, String> from) {
    var kept = new TreeMap<String, String>();
    from.forEach((name, value) -> kept.put(name, hidesHeader(name) ? replacement : value));
    return kept;
  }

  public boolean hidesHeader(String name) {
    return headers.contains(folded(name));
  }

  /// The payload, hidden values replaced.
  public Redacted payload(Payload from, Form form) {
    if (hidesNoField() || from.length() == 0) {
      return new Redacted(from, false);
    }
    return switch (form.encoding()) {
      case JSON -> new PayloadRedaction(this, from, form).redacted();
      case RAW -> BinaryRedaction.ofOnlyInput(this, from, form.inputs());
      case OPAQUE -> withheld(from);
    };
  }

  /// What stands in for a payload that cannot be redacted value by value.
  public static Redacted withheld(Payload from) {
    String text =
        "{\"withheld\":{\"sha256\":\"" + PayloadFiles.sha256(from) + "\",\"bytes\":" + from.length() + ",\"content_type\":\""
            + from.contentType().replaceAll("[^A-Za-z0-9/+.;= -]", "?") + "\"}}";
    return new Redacted(Payload.of(text.getBytes(StandardCharsets.UTF_8), WITHHELD), true);
  }

  /// Whether a whole tensor, or a member of this name anywhere, is hidden. The name is folded.
  boolean hidesTensor(String name) {
    return tensors.contains(name);
  }

  /// Whether a record's member is hidden: by its own name, or as a column of any tensor. The name is folded.
  boolean hidesMember(String name) {
    return tensors.contains(name) || columns.stream().anyMatch(each -> each.column().equals(name));
  }

  /// The name is folded.
  boolean hasHiddenColumn(String tensor) {
    return columns.stream().anyMatch(each -> each.tensor().equals(tensor));
  }

  /// Which positions of the last axis are hidden.
  Columns columnsOf(String tensor, List<TensorSpec> specs) {
    if (hidesTensor(tensor)) {
      return Columns.all();
    }
    for (TensorSpec spec : specs) {
      if (folded(spec.name()).equals(tensor)) {
        return Columns.of(this, spec);
      }
    }
    // not in the contract: it may hold anything. Where no contract is known, only names can tell
    return !specs.isEmpty() || hasHiddenColumn(tensor) ? Columns.all() : Columns.noOne();
  }
}
