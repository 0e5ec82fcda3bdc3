package dev.faultline.server.log;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.faultline.capture.Redaction;
import dev.faultline.request.Passage;
import dev.faultline.request.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Function;

/// A payload on its way into the log. Redaction is the log's own thread's work, because it takes longer than a request should wait.
sealed interface PayloadNote {

  /// Nothing of it is wanted.
  record None() implements PayloadNote {}

  /// It was wanted, and why it is not there.
  record LeftOut(String reason) implements PayloadNote {}

  /// All of it, once hidden values are replaced.
  record Whole(Passage passage, Function<Passage, Redaction.Redacted> redaction) implements PayloadNote {}

  default void write(JsonGenerator json) throws IOException {
    switch (this) {
      case None() -> {}
      case LeftOut(String reason) -> json.writeStringField("left_out", reason);
      case Whole(Passage passage, var redaction) -> write(json, redaction.apply(passage));
    }
  }

  private static void write(JsonGenerator json, Redaction.Redacted redacted) throws IOException {
    json.writeBooleanField("redacted", redacted.changed());
    Payload payload = redacted.payload();
    byte[] bytes = payload.copyOfBytes();
    try {
      json.writeStringField("body", StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      // no text
      json.writeStringField("body_base64", Base64.getEncoder().encodeToString(bytes));
    }
  }
}
