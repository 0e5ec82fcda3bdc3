package dev.faultline.benchmark;

import com.google.protobuf.ByteString;
import dev.faultline.protocol.inference.ModelInferRequest;
import dev.faultline.protocol.inference.ModelInferRequest.InferInputTensor;
import dev.faultline.server.Ports;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A way for a tensor to travel.
enum Wire {
  JSON,
  REST_BINARY,
  GRPC_RAW;

  /// The whole request as it is written to the socket, or for gRPC the message.
  byte[] request(int floats) {
    return switch (this) {
      case JSON -> http(json(floats).getBytes(StandardCharsets.UTF_8), "Content-Type: application/json\r\n");
      case REST_BINARY -> binary(floats);
      case GRPC_RAW -> ModelInferRequest.newBuilder()
          .setModelName("same")
          .addInputs(InferInputTensor.newBuilder().setName("x").setDatatype("FP32").addShape(floats))
          .addRawInputContents(ByteString.copyFrom(raw(floats)))
          .build()
          .toByteArray();
    };
  }

  WireCaller caller(Ports ports) throws IOException {
    return switch (this) {
      case JSON, REST_BINARY -> new SocketCaller(ports.http());
      case GRPC_RAW -> new GrpcBytesCaller(ports.grpc());
    };
  }

  private static byte[] binary(int floats) {
    String head = "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[" + floats + "],\"parameters\":{\"binary_data_size\":" + 4L * floats
        + "}}],\"parameters\":{\"binary_data_output\":true}}";
    var body = new ByteArrayOutputStream();
    body.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    body.writeBytes(raw(floats));
    return http(body.toByteArray(), "Content-Type: application/octet-stream\r\nInference-Header-Content-Length: " + head.length() + "\r\n");
  }

  private static byte[] http(byte[] body, String headers) {
    String head = "POST /v2/models/same/infer HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length + "\r\n" + headers + "\r\n";
    var request = new ByteArrayOutputStream();
    request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    request.writeBytes(body);
    return request.toByteArray();
  }

  private static String json(int floats) {
    var json = new StringBuilder("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[" + floats + "],\"data\":[");
    for (int i = 0; i < floats; i++) {
      json.append(i == 0 ? "" : ",").append(value(i));
    }
    return json.append("]}]}").toString();
  }

  private static byte[] raw(int floats) {
    ByteBuffer bytes = ByteBuffer.allocate(floats * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < floats; i++) {
      bytes.putFloat(value(i));
    }
    return bytes.array();
  }

  /// Numbers with as many digits as measured ones have.
  private static float value(int index) {
    return (float) Math.sin(index);
  }
}
