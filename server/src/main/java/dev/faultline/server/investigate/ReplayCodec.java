package dev.faultline.server.investigate;

import dev.faultline.contract.Contract;
import dev.faultline.protocol.BinaryFromResponse;
import dev.faultline.protocol.GrpcFromResponse;
import dev.faultline.protocol.Labels;
import dev.faultline.protocol.RequestFromBinary;
import dev.faultline.protocol.RequestFromGrpc;
import dev.faultline.protocol.RequestFromV1Json;
import dev.faultline.protocol.V1JsonFromResponse;
import dev.faultline.request.Arrival;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InferenceResponse;
import dev.faultline.request.Payload;
import dev.faultline.request.Protocol;
import dev.faultline.serving.stage.Codec;
import java.util.Optional;

/// The codec that a request came by, reading it for one given version.
public final class ReplayCodec implements Codec {
  private final Protocol protocol;
  private final Contract contract;
  private final Labels labels;

  ReplayCodec(Protocol protocol, Contract contract, Labels labels) {
    this.protocol = protocol;
    this.contract = contract;
    this.labels = labels;
  }

  @Override
  public InferenceRequest decode(Arrival arrival) {
    return decode(arrival, protocol, contract);
  }

  /// A request as a version with a given contract reads it.
  public static InferenceRequest decode(Arrival arrival, Contract contract) {
    return decode(arrival, arrival.protocol(), contract);
  }

  private static InferenceRequest decode(Arrival arrival, Protocol protocol, Contract contract) {
    return switch (protocol) {
      case V2_REST, DIRECT -> new RequestFromBinary().decode(arrival, _ -> Optional.of(contract));
      case V1_REST -> new RequestFromV1Json().decode(arrival, _ -> Optional.of(contract));
      case V2_GRPC -> new RequestFromGrpc().decode(arrival);
    };
  }

  @Override
  public Payload encode(InferenceResponse response, InferenceRequest request) {
    return switch (protocol) {
      case V2_REST, DIRECT -> new BinaryFromResponse(labels).encode(response, request);
      case V1_REST -> new V1JsonFromResponse().encode(response, request);
      case V2_GRPC -> new GrpcFromResponse(labels).encode(response, request);
    };
  }

  /// The same way out for a request that is decoded already.
  Codec handingOn(InferenceRequest decoded) {
    return new Codec() {
      @Override
      public InferenceRequest decode(Arrival arrival) {
        return decoded;
      }

      @Override
      public Payload encode(InferenceResponse response, InferenceRequest request) {
        return ReplayCodec.this.encode(response, request);
      }
    };
  }
}
