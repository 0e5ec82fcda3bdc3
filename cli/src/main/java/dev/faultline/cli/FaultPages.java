package dev.faultline.cli;

import dev.faultline.fault.FaultCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The pages of `docs/faults`, one a code, as they were when this was built.
final class FaultPages {
  /// Codes of models that did not load. They are not faults of requests, so [FaultCode] does not have them.
  static final List<String> LOAD_CODES = List.of(
      "load.contract",
      "load.crashed",
      "load.duplicate",
      "load.external_data_missing",
      "load.failed",
      "load.file_missing",
      "load.golden_mismatch",
      "load.graph_invalid",
      "load.ir_unsupported",
      "load.not_onnx",
      "load.op_unsupported",
      "load.opset_unsupported",
      "load.path_outside",
      "load.too_large",
      "load.type_unsupported",
      "load.unreadable",
      "load.warmup_failed",
      "load.worker");

  private FaultPages() {}

  /// Every code that has a page.
  static List<String> codes() {
    return Stream.concat(Stream.of(FaultCode.values()).map(FaultCode::label), LOAD_CODES.stream()).toList();
  }

  /// The page of a code; empty when there is no such code.
  static Optional<String> find(String code) {
    if (!codes().contains(code)) {
      return Optional.empty();
    }
    try (InputStream in = FaultPages.class.getResourceAsStream("faults/" + code + ".md")) {
      return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
