package dev.faultline.server.edge;

import dev.faultline.fault.DecodeFault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.Field;
import dev.faultline.request.ModelRef;
import java.util.List;

/// `Faultline-Version`: the header, or the gRPC metadata, by which a caller names the version or label that is to answer, where neither
/// path nor message does.
public final class VersionHeader {
  public static final String NAME = "Faultline-Version";
  private static final int SHOWN_CHARS_MAX = 60;

  private VersionHeader() {}

  /// The model as asked for with the header's version.
  ///
  /// @throws FaultException `decode.json` when path or message name another version than the header does
  public static ModelRef apply(ModelRef asked, String header) {
    String named = header.strip();
    if (named.isEmpty() || named.equals(asked.version())) {
      return asked;
    }
    if (asked.isPinned()) {
      String summary = "header " + NAME + " asks for version '" + shown(named) + "' and the call for '" + shown(asked.version()) + "' (expected: one of them, or both the same)";
      throw new FaultException(new DecodeFault.Json(summary, Field.member("", ""), List.of()));
    }
    return new ModelRef(asked.name(), named);
  }

  private static String shown(String text) {
    return text.length() <= SHOWN_CHARS_MAX ? text : text.substring(0, SHOWN_CHARS_MAX) + "...";
  }
}
