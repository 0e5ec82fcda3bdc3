package dev.faultline.server.grpc;

import dev.faultline.fault.DecodeFault;
import dev.faultline.fault.Field;
import dev.faultline.request.Outcome;
import dev.faultline.request.Payload;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.StatusRuntimeException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `ModelInfer`: one message in, one out.
final class UnaryInfer implements ServerCallHandler<Incoming, Payload> {
  /// The message, and one more, so that a caller who sends two is noticed.
  private static final int MESSAGES = 2;

  private final InferCalls calls;
  private final GrpcCallers callers;
  private final GrpcAnswers answers;

  UnaryInfer(InferCalls calls, GrpcCallers callers, GrpcAnswers answers) {
    this.calls = calls;
    this.callers = callers;
    this.answers = answers;
  }

  @Override
  public ServerCall.Listener<Incoming> startCall(ServerCall<Incoming, Payload> call, Metadata headers) {
    call.request(MESSAGES);
    return new Listening(call, callers.of(call, headers));
  }

  private final class Listening extends ServerCall.Listener<Incoming> {
    private final ServerCall<Incoming, Payload> call;
    private final GrpcCaller caller;
    private @Nullable Incoming message;
    private int messages;
    private boolean answered;

    Listening(ServerCall<Incoming, Payload> call, GrpcCaller caller) {
      this.call = call;
      this.caller = caller;
    }

    @Override
    public void onMessage(Incoming arrived) {
      message = arrived;
      messages++;
    }

    @Override
    public void onHalfClose() {
      answered = true;
      Incoming only = message;
      message = null;
      respond(only == null || messages > 1 ? calls.refuse(caller, miscounted()) : calls.answer(caller, only));
    }

    @Override
    public void onCancel() {
      if (!answered) {
        answered = true;
        calls.ended(caller);
      }
    }

    private DecodeFault miscounted() {
      return new DecodeFault.Json("the call has " + messages + " messages (expected: 1)", Field.member("", ""), List.of());
    }

    private void respond(Outcome outcome) {
      switch (outcome) {
        case Outcome.Served served -> {
          call.sendHeaders(answers.headers(served));
          call.sendMessage(served.payload());
          call.close(io.grpc.Status.OK, new Metadata());
        }
        case Outcome.Faulted faulted -> close(call, answers.status(faulted));
      }
    }
  }

  static void close(ServerCall<?, ?> call, StatusRuntimeException status) {
    Metadata trailers = status.getTrailers();
    call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
  }
}
