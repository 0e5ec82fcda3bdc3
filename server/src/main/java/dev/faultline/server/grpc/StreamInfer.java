package dev.faultline.server.grpc;

import dev.faultline.protocol.GrpcFromResponse;
import dev.faultline.protocol.inference.ModelInferResponse;
import dev.faultline.protocol.inference.ModelStreamInferResponse;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.Outcome;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;

/// `ModelStreamInfer`: each message is a request of its own, answered in order. The next one is asked for when the caller has room for the
/// answer to the one before.
///
/// A fault is said in `error_message` and the stream goes on; a caller who sent metadata `triton_grpc_error: true` gets a status, which
/// ends the stream.
final class StreamInfer implements ServerCallHandler<Incoming, ModelStreamInferResponse> {
  private static final String ERRORS_AS_STATUS = "triton_grpc_error";

  private final InferCalls calls;
  private final GrpcCallers callers;
  private final GrpcAnswers answers;

  StreamInfer(InferCalls calls, GrpcCallers callers, GrpcAnswers answers) {
    this.calls = calls;
    this.callers = callers;
    this.answers = answers;
  }

  @Override
  public ServerCall.Listener<Incoming> startCall(ServerCall<Incoming, ModelStreamInferResponse> call, Metadata headers) {
    GrpcCaller caller = callers.of(call, headers);
    call.sendHeaders(answers.opening(caller.ids().id().value()));
    call.request(1);
    return new Listening(call, caller, GrpcCallers.value(headers, ERRORS_AS_STATUS).equalsIgnoreCase("true"));
  }

  private final class Listening extends ServerCall.Listener<Incoming> {
    private final ServerCall<Incoming, ModelStreamInferResponse> call;
    private final boolean errorsAsStatus;
    private GrpcCaller caller;
    private boolean waitsForRoom;
    private boolean closed;

    Listening(ServerCall<Incoming, ModelStreamInferResponse> call, GrpcCaller caller, boolean errorsAsStatus) {
      this.call = call;
      this.caller = caller;
      this.errorsAsStatus = errorsAsStatus;
    }

    @Override
    public void onMessage(Incoming message) {
      if (closed) {
        return;
      }
      respond(calls.answer(caller, message));
      caller = caller.called(callers.next(caller.ids()));
      if (call.isReady()) {
        call.request(1);
      } else {
        waitsForRoom = true;
      }
    }

    @Override
    public void onReady() {
      if (waitsForRoom) {
        waitsForRoom = false;
        call.request(1);
      }
    }

    @Override
    public void onHalfClose() {
      if (!closed) {
        closed = true;
        call.close(Status.OK, new Metadata());
      }
    }

    @Override
    public void onCancel() {
      if (!closed && StreamEnd.isTooLarge(caller.context())) {
        calls.ended(caller);
      }
      closed = true;
    }

    private void respond(Outcome outcome) {
      switch (outcome) {
        case Outcome.Served served -> call.sendMessage(GrpcFromResponse.inStream(served.payload()));
        case Outcome.Faulted faulted -> refuse(faulted);
      }
    }

    private void refuse(Outcome.Faulted faulted) {
      if (errorsAsStatus) {
        closed = true;
        UnaryInfer.close(call, answers.status(faulted));
      } else {
        String id = faulted.passage().request().map(InferenceRequest::id).orElse("");
        var echo = ModelInferResponse.newBuilder().setId(id);
        call.sendMessage(ModelStreamInferResponse.newBuilder().setErrorMessage(answers.sentence(faulted)).setInferResponse(echo).build());
      }
    }
  }
}
