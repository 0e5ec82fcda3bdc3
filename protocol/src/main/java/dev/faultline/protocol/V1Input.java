package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonParser;
import dev.faultline.contract.TensorSpec.Presence;
import dev.faultline.request.InputTensor;
import dev.faultline.request.InputTensor.Layout;
import java.io.IOException;
import java.util.List;

/// One input of a model while the instances of a V1 request are read row by row.
sealed interface V1Input permits WholeInput, ColumnsInput {

  /// Record members that belong to this input, in order.
  List<String> members();

  /// Row `row` has the value the parser stands on for the member at index `member`.
  void put(JsonParser parser, int member, int row) throws IOException;

  /// The row is over: what it did not have is absent.
  void end(int row);

  /// Whether the request speaks of this input: an optional one that no record names is left out.
  boolean isPresent();

  InputTensor tensor(int rows, Layout layout, int position);

  /// Required inputs are there even when no record has them, so that VALIDATE can say what is missing in which row.
  static boolean isPresent(Presence presence, boolean started) {
    return started || presence == Presence.REQUIRED;
  }
}
