package dev.faultline.server.edge;

import dev.faultline.fault.DecodeFault;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.Field;
import dev.faultline.fault.QueueFault;
import dev.faultline.fault.Stage;
import dev.faultline.fault.StoppedFault;
import dev.faultline.request.ModelRef;
import dev.faultline.request.Outcome;
import dev.faultline.request.Payload;
import dev.faultline.request.Protocol;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Answers;
import dev.faultline.server.http.Call;
import dev.faultline.server.http.Endpoint;
import dev.faultline.server.http.RequestBody.Reading;
import dev.faultline.serving.Dispatcher;
import dev.faultline.serving.stage.Codec;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;

/// Inference over HTTP: body in, outcome out. Whatever arrives here goes through the pipeline, also what cannot be read, so that
/// every request ends in exactly one outcome.
final class InferEndpoint implements Endpoint {
  private static final int CLIENT_CLOSED = 499;
  private static final HeaderName VERSION = HeaderNames.create(VersionHeader.NAME);

  /// Bounds on what is read.
  record Bounds(long payloadMaxBytes, Duration bodyTimeout, int requestsMax) {}

  /// What all inference routes share.
  record Parts(Dispatcher dispatcher, Arrivals arrivals, OutcomeAnswers answers, Bounds bounds, Semaphore free) {
    static Parts of(Dispatcher dispatcher, Arrivals arrivals, OutcomeAnswers answers, Bounds bounds) {
      return new Parts(dispatcher, arrivals, answers, bounds, new Semaphore(bounds.requestsMax()));
    }
  }

  /// Makes of a body what the codec reads.
  interface Preparation {
    /// @throws FaultException carrying a `DecodeFault`
    Payload prepared(Call call, Payload body);
  }

  private final Parts parts;
  private final Protocol protocol;
  private final Codec codec;
  private final Preparation preparation;

  InferEndpoint(Parts parts, Protocol protocol, Codec codec) {
    this(parts, protocol, codec, (_, body) -> body);
  }

  InferEndpoint(Parts parts, Protocol protocol, Codec codec, Preparation preparation) {
    this.parts = parts;
    this.protocol = protocol;
    this.codec = codec;
    this.preparation = preparation;
  }

  @Override
  public void handle(Call call, ServerResponse response) {
    boolean admitted = parts.free.tryAcquire();
    try {
      respond(admitted ? readAndDispatch(call, response) : refuse(call, response, crowded()), call, response);
    } finally {
      if (admitted) {
        parts.free.release();
      }
    }
  }

  private Outcome readAndDispatch(Call call, ServerResponse response) {
    return switch (call.body().read(parts.bounds.payloadMaxBytes(), parts.bounds.bodyTimeout())) {
      case Reading.Whole(Payload body) -> dispatch(call, body);
      case Reading.TooLarge(long got) -> refuse(call, response, new DecodeFault.TooLarge(got, parts.bounds.payloadMaxBytes()));
      case Reading.Malformed(String reason) -> refuse(call, response, new DecodeFault.Json("the body's framing is broken: " + reason, Field.member("", ""), List.of()));
      case Reading.Left _ -> refuse(call, response, new StoppedFault.Cancelled(Stage.DECODE));
    };
  }

  private Outcome dispatch(Call call, Payload body) {
    try {
      Payload unpacked = Packing.unpack(call, body, parts.bounds.payloadMaxBytes());
      return dispatch(call, asked(call), preparation.prepared(call, unpacked), codec);
    } catch (FaultException e) {
      return dispatch(call, named(call), body, new RefusingCodec(e.fault()));
    }
  }

  /// The body was not read to its end, so that nothing can follow on this connection.
  private Outcome refuse(Call call, ServerResponse response, Fault fault) {
    call.closeAfter(response);
    return dispatch(call, named(call), Payload.EMPTY, new RefusingCodec(fault));
  }

  /// The model that path and header ask for.
  ///
  /// @throws FaultException `decode.json` when they contradict each other
  static ModelRef asked(Call call) {
    return VersionHeader.apply(named(call), call.header(VERSION));
  }

  private static ModelRef named(Call call) {
    return new ModelRef(call.variable("model"), call.variable("version"));
  }

  private Outcome dispatch(Call call, ModelRef model, Payload payload, Codec by) {
    return parts.dispatcher.dispatch(parts.arrivals.of(call, protocol, model, payload), by);
  }

  private void respond(Outcome outcome, Call call, ServerResponse response) {
    if (outcome.httpStatus() == CLIENT_CLOSED) {
      throw new CloseConnectionException("the caller left before it was answered");
    }
    Answer answer = parts.answers.of(outcome, call.header(HeaderNames.ACCEPT));
    Answers.send(Packing.pack(answer, call), call, response);
  }

  private QueueFault crowded() {
    return new QueueFault.Full(parts.bounds.requestsMax(), parts.bounds.requestsMax(), 1);
  }
}
