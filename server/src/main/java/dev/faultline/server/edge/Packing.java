package dev.faultline.server.edge;

import dev.faultline.fault.DecodeFault;
import dev.faultline.fault.FaultException;
import dev.faultline.protocol.BinaryContentType;
import dev.faultline.protocol.ContentCoding;
import dev.faultline.request.Payload;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import java.util.Optional;

/// Between bodies as they travel and payloads as codecs read and write them: compression, and the header that says where the JSON of a
/// binary body ends.
final class Packing {
  private static final HeaderName BINARY_HEADER_LENGTH = HeaderNames.create(BinaryContentType.HEADER);
  private static final int SERVED = 200;
  private static final String IDENTITY = "identity";

  private Packing() {}

  /// @throws FaultException carrying a `DecodeFault`
  static Payload unpack(Call call, Payload body, long bytesMax) {
    return marked(call, decompressed(call.header(HeaderNames.CONTENT_ENCODING), body, bytesMax));
  }

  /// Errors stay as they are: clients that unpack answers read errors without looking at their encoding.
  static Answer pack(Answer answer, Call call) {
    return answer.status() != SERVED ? answer : compressed(unmarked(answer), call.header(HeaderNames.ACCEPT_ENCODING));
  }

  private static Payload decompressed(String encoding, Payload body, long bytesMax) {
    if (encoding.isEmpty() || encoding.equalsIgnoreCase(IDENTITY)) {
      return body;
    }
    return ContentCoding.find(encoding)
        .orElseThrow(() -> new FaultException(new DecodeFault.EncodingUnsupported("Content-Encoding", encoding, ContentCoding.READ)))
        .decode(body, bytesMax);
  }

  private static Payload marked(Call call, Payload body) {
    if (call.request().headers().contains(BINARY_HEADER_LENGTH)) {
      return Payload.of(body.array(), body.offset(), body.length(), BinaryContentType.of(call.header(BINARY_HEADER_LENGTH)));
    }
    if (body.contentType().startsWith(BinaryContentType.BARE)) {
      String want = "application/json, or beside it the header " + BinaryContentType.HEADER;
      throw new FaultException(new DecodeFault.EncodingUnsupported("Content-Type", body.contentType(), want));
    }
    return body;
  }

  private static Answer unmarked(Answer answer) {
    Payload body = answer.payload();
    return BinaryContentType.jsonLength(body).stream()
        .mapToObj(length -> answer.instead(bare(body)).with(BinaryContentType.HEADER, Integer.toString(length)))
        .findFirst()
        .orElse(answer);
  }

  private static Answer compressed(Answer answer, String accepted) {
    Optional<ContentCoding> coding = ContentCoding.accepted(accepted);
    return coding.map(found -> answer.instead(found.encode(answer.payload())).with("Content-Encoding", found.token()).with("Vary", "Accept-Encoding")).orElse(answer);
  }

  private static Payload bare(Payload body) {
    return Payload.of(body.array(), body.offset(), body.length(), BinaryContentType.BARE);
  }
}
