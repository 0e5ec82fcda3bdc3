package dev.faultline.server.grpc;

import dev.faultline.fault.DecodeFault;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.QueueFault;
import dev.faultline.fault.Stage;
import dev.faultline.fault.StoppedFault;
import dev.faultline.protocol.RequestFromGrpc;
import dev.faultline.request.Arrival;
import dev.faultline.request.ModelRef;
import dev.faultline.request.Outcome;
import dev.faultline.request.Payload;
import dev.faultline.server.edge.RefusingCodec;
import dev.faultline.server.edge.VersionHeader;
import dev.faultline.serving.Dispatcher;
import dev.faultline.serving.stage.Codec;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/// What unary and streaming inference share: every message, also one that cannot be read, ends in exactly one outcome.
public final class InferCalls {
  private static final ModelRef UNKNOWN = new ModelRef("", "");

  /// Bounds on messages, and on how many requests are under way at once on this port.
  public record Bounds(int payloadMaxBytes, int requestsMax) {}

  private final Dispatcher dispatcher;
  private final Codec codec;
  private final Bounds bounds;
  private final Semaphore free;
  private final LongSupplier nanoClock;
  private final InstantSource clock;
  private final UnaryOperator<String> keys;

  /// @param keys the header by which a model's rollout tells callers apart, empty for none
  public InferCalls(Dispatcher dispatcher, Codec codec, Bounds bounds, LongSupplier nanoClock, InstantSource clock, UnaryOperator<String> keys) {
    this.keys = keys;
    this.dispatcher = dispatcher;
    this.codec = codec;
    this.bounds = bounds;
    this.free = new Semaphore(bounds.requestsMax());
    this.nanoClock = nanoClock;
    this.clock = clock;
  }

  public Bounds bounds() {
    return bounds;
  }

  Outcome answer(GrpcCaller caller, Incoming message) {
    boolean admitted = free.tryAcquire();
    try {
      return admitted ? dispatch(caller, message) : refuse(caller, new QueueFault.Full(bounds.requestsMax(), bounds.requestsMax(), 1));
    } finally {
      if (admitted) {
        free.release();
      }
    }
  }

  /// The call ended before its message was there.
  Outcome ended(GrpcCaller caller) {
    boolean tooLarge = StreamEnd.isTooLarge(caller.context());
    return refuse(caller, tooLarge ? new DecodeFault.TooLarge(-1, bounds.payloadMaxBytes()) : new StoppedFault.Cancelled(Stage.DECODE));
  }

  Outcome refuse(GrpcCaller caller, Fault fault) {
    return dispatcher.dispatch(arrival(caller, UNKNOWN, Payload.EMPTY), new RefusingCodec(fault));
  }

  private Outcome dispatch(GrpcCaller caller, Incoming message) {
    return switch (message) {
      case Incoming.Whole(Payload payload) -> dispatch(caller, payload);
      case Incoming.TooLarge(long got) -> refuse(caller, new DecodeFault.TooLarge(got, bounds.payloadMaxBytes()));
    };
  }

  private Outcome dispatch(GrpcCaller caller, Payload payload) {
    ModelRef named = RequestFromGrpc.model(payload);
    try {
      return dispatcher.dispatch(arrival(caller, VersionHeader.apply(named, caller.version()), payload), codec);
    } catch (FaultException e) {
      return dispatcher.dispatch(arrival(caller, named, payload), new RefusingCodec(e.fault()));
    }
  }

  private Arrival arrival(GrpcCaller caller, ModelRef model, Payload payload) {
    return caller.arrival(model, payload, nanoClock.getAsLong(), clock.instant(), keys);
  }
}
