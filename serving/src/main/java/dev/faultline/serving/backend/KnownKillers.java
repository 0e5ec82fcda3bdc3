package dev.faultline.serving.backend;

import dev.faultline.tensor.DataType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/// The operators known to end the whole process for some inputs, with evidence: the file `killers.txt` beside this class.
public final class KnownKillers {

  /// One line of the list. `types` is empty when any element type does it.
  public record Killer(String op, List<DataType> types, String trigger, String ending, String engine, String evidence) {
    public Killer {
      types = List.copyOf(types);
    }

    /// A type that is not known counts as one that kills.
    boolean matches(OperatorUse use) {
      return op.equals(use.op()) && (types.isEmpty() || use.types().isEmpty() || use.types().stream().anyMatch(types::contains));
    }
  }

  private static final String LIST = "killers.txt";
  private static final int COLUMNS = 6;

  private final List<Killer> killers;

  private KnownKillers(List<Killer> killers) {
    this.killers = killers;
  }

  public static KnownKillers read() {
    try (InputStream list = KnownKillers.class.getResourceAsStream(LIST)) {
      if (list == null) {
        throw new IllegalStateException("there is no " + LIST + " beside " + KnownKillers.class.getName());
      }
      return parse(new String(list.readAllBytes(), StandardCharsets.UTF_8).lines());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static KnownKillers parse(Stream<String> lines) {
    return new KnownKillers(lines.filter(line -> !line.isBlank() && !line.startsWith("#")).map(KnownKillers::killer).toList());
  }

  public List<Killer> all() {
    return killers;
  }

  /// Those that a graph with these operators holds.
  public List<Killer> among(Collection<OperatorUse> uses) {
    return killers.stream().filter(killer -> uses.stream().anyMatch(killer::matches)).toList();
  }

  private static Killer killer(String line) {
    List<String> columns = Stream.of(line.split("\\|", -1)).map(String::strip).toList();
    if (columns.size() != COLUMNS) {
      throw new IllegalStateException("'" + line + "' has " + columns.size() + " columns (expected: " + COLUMNS + ")");
    }
    return new Killer(columns.get(0), types(columns.get(1)), columns.get(2), columns.get(3), columns.get(4), columns.get(5));
  }

  private static List<DataType> types(String names) {
    return names.isEmpty() ? List.of() : Stream.of(names.split(",", -1)).map(name -> DataType.valueOf(name.strip())).toList();
  }
}
