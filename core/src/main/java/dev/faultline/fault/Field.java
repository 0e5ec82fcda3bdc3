package dev.faultline.fault;

import dev.faultline.tensor.Shape;
import java.util.List;
import java.util.stream.Collectors;

/// A place in a request or a response: a tensor, and where one element is meant, which.
///
/// `path` is how people write it (`inputs/features[3].age`, `outputs/score[0,1]`), `pointer` is an RFC 6901 JSON pointer into the
/// payload and empty where the payload was not JSON. `index` holds the coordinates, empty when the whole tensor is meant;
/// `column` names the element of the last axis and is empty when it has no name.
public record Field(String path, String tensor, List<Long> index, String column, String pointer) {

  public Field {
    index = List.copyOf(index);
  }

  /// A whole input.
  public static Field input(String tensor, String pointer) {
    return new Field("inputs/" + tensor, tensor, List.of(), "", pointer);
  }

  /// A whole output.
  public static Field output(String tensor) {
    return new Field("outputs/" + tensor, tensor, List.of(), "", "");
  }

  /// One element; a named column stands for the last coordinate in the path.
  public static Field inputElement(String tensor, Shape shape, long flat, List<String> columns, String pointer) {
    return element("inputs/", tensor, shape, flat, columns, pointer);
  }

  public static Field outputElement(String tensor, Shape shape, long flat, List<String> columns) {
    return element("outputs/", tensor, shape, flat, columns, "");
  }

  /// A place outside any tensor, such as a member of the envelope.
  public static Field member(String path, String pointer) {
    return new Field(path, "", List.of(), "", pointer);
  }

  /// Row of the batch, -1 when the whole tensor is meant.
  public long row() {
    return index.isEmpty() ? -1 : index.getFirst();
  }

  private static Field element(String side, String tensor, Shape shape, long flat, List<String> columns, String pointer) {
    List<Long> index = shape.coordinates(flat);
    boolean named = !columns.isEmpty() && !index.isEmpty() && index.getLast() < columns.size();
    String column = named ? columns.get(index.getLast().intValue()) : "";
    List<Long> shown = named ? index.subList(0, index.size() - 1) : index;
    String brackets = shown.isEmpty() ? "" : shown.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    String path = side + tensor + brackets + (named ? "." + column : "");
    return new Field(path, tensor, index, column, pointer);
  }
}
