package dev.faultline.server.edge;

import dev.faultline.contract.Contract;
import dev.faultline.fault.FaultException;
import dev.faultline.protocol.GenerateFromResponse;
import dev.faultline.protocol.GenerateFromResponse.Form;
import dev.faultline.protocol.V2JsonFromGenerate;
import dev.faultline.request.Payload;
import dev.faultline.request.Protocol;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Answers;
import dev.faultline.server.http.Call;
import dev.faultline.server.http.Endpoint;
import dev.faultline.server.triton.Extensions;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Optional;

/// Triton's generate extension, for models that take one text and give one. What the model answers comes in one piece, also as events.
final class GenerateEndpoint implements Endpoint {
  private static final int NOT_IMPLEMENTED = 501;

  private final InferEndpoint infer;
  private final V2Codec codec;

  GenerateEndpoint(InferEndpoint.Parts parts, V2Codec codec, Form form) {
    this.codec = codec;
    this.infer = new InferEndpoint(parts, Protocol.V2_REST, new GenerateCodec(codec, new GenerateFromResponse(form)), this::prepared);
  }

  @Override
  public void handle(Call call, ServerResponse response) {
    if (contract(call).map(V2JsonFromGenerate::suits).orElse(true)) {
      infer.handle(call, response);
    } else {
      Answers.send(Answer.error(NOT_IMPLEMENTED, Extensions.GENERATE), call, response);
    }
  }

  private Payload prepared(Call call, Payload body) {
    return V2JsonFromGenerate.convert(body, contract(call).map(Contract::inputs).orElse(List.of()));
  }

  private Optional<Contract> contract(Call call) {
    try {
      return codec.contract(InferEndpoint.asked(call));
    } catch (FaultException e) {
      // the call itself is refused with this fault
      return Optional.empty();
    }
  }
}
