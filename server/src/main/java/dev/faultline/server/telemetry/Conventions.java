package dev.faultline.server.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import java.util.List;

/// Every name that goes to a telemetry backend: OpenTelemetry's semantic conventions 1.45, and Faultline's own.
final class Conventions {
  static final String SCOPE = "dev.faultline";
  static final String SCHEMA_URL = "https://opentelemetry.io/schemas/1.45.0";

  static final AttributeKey<String> HTTP_REQUEST_METHOD = AttributeKey.stringKey("http.request.method");
  static final AttributeKey<String> HTTP_ROUTE = AttributeKey.stringKey("http.route");
  static final AttributeKey<Long> HTTP_RESPONSE_STATUS_CODE = AttributeKey.longKey("http.response.status_code");
  static final AttributeKey<Long> HTTP_REQUEST_BODY_SIZE = AttributeKey.longKey("http.request.body.size");
  static final AttributeKey<String> URL_PATH = AttributeKey.stringKey("url.path");
  static final AttributeKey<String> URL_SCHEME = AttributeKey.stringKey("url.scheme");
  static final AttributeKey<String> SERVER_ADDRESS = AttributeKey.stringKey("server.address");
  static final AttributeKey<Long> SERVER_PORT = AttributeKey.longKey("server.port");
  static final AttributeKey<String> CLIENT_ADDRESS = AttributeKey.stringKey("client.address");
  static final AttributeKey<String> USER_AGENT_ORIGINAL = AttributeKey.stringKey("user_agent.original");
  static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

  static final AttributeKey<String> RPC_SYSTEM_NAME = AttributeKey.stringKey("rpc.system.name");
  static final AttributeKey<String> RPC_METHOD = AttributeKey.stringKey("rpc.method");
  static final AttributeKey<String> RPC_STATUS_CODE = AttributeKey.stringKey("rpc.status_code");
  /// The three names from before 1.38, by `OTEL_SEMCONV_STABILITY_OPT_IN=rpc/dup` only.
  static final AttributeKey<String> OLD_RPC_SYSTEM = AttributeKey.stringKey("rpc.system");
  static final AttributeKey<String> OLD_RPC_SERVICE = AttributeKey.stringKey("rpc.service");
  static final AttributeKey<Long> OLD_RPC_GRPC_STATUS_CODE = AttributeKey.longKey("rpc.grpc.status_code");
  static final String GRPC = "grpc";

  static final AttributeKey<String> EXCEPTION_TYPE = AttributeKey.stringKey("exception.type");
  static final AttributeKey<String> EXCEPTION_MESSAGE = AttributeKey.stringKey("exception.message");
  static final AttributeKey<String> EXCEPTION_STACKTRACE = AttributeKey.stringKey("exception.stacktrace");
  static final String EXCEPTION_SPAN_EVENT = "exception";
  static final String HTTP_EXCEPTION = "http.server.request.exception";
  static final String RPC_EXCEPTION = "rpc.server.call.exception";

  static final AttributeKey<String> FAULT_ID = AttributeKey.stringKey("faultline.fault.id");
  static final AttributeKey<String> CODE = AttributeKey.stringKey("faultline.code");
  static final AttributeKey<String> STAGE = AttributeKey.stringKey("faultline.stage");
  static final AttributeKey<String> BLAME = AttributeKey.stringKey("faultline.blame");
  static final AttributeKey<String> CONFIDENCE = AttributeKey.stringKey("faultline.confidence");
  static final AttributeKey<String> GROUP = AttributeKey.stringKey("faultline.group");
  static final AttributeKey<Boolean> SUSPICION = AttributeKey.booleanKey("faultline.suspicion");
  static final AttributeKey<String> ONNX_NODE = AttributeKey.stringKey("faultline.onnx.node");
  static final AttributeKey<String> FIELD_PATH = AttributeKey.stringKey("faultline.field.path");
  static final AttributeKey<String> FIELD_VALUE = AttributeKey.stringKey("faultline.field.value");
  static final AttributeKey<String> MODEL_NAME = AttributeKey.stringKey("faultline.model.name");
  static final AttributeKey<String> MODEL_VERSION = AttributeKey.stringKey("faultline.model.version");
  static final AttributeKey<String> MODEL_DIGEST = AttributeKey.stringKey("faultline.model.digest");
  static final AttributeKey<String> REQUEST_ID = AttributeKey.stringKey("faultline.request.id");
  static final AttributeKey<String> CLIENT_ID = AttributeKey.stringKey("faultline.client.id");
  static final AttributeKey<String> STEP_NAME = AttributeKey.stringKey("faultline.step.name");
  static final AttributeKey<String> STEP_KIND = AttributeKey.stringKey("faultline.step.kind");
  static final AttributeKey<Long> BATCH_REQUESTS = AttributeKey.longKey("faultline.batch.requests");
  static final AttributeKey<Long> BATCH_ROWS = AttributeKey.longKey("faultline.batch.rows");

  /// The event whose body is a whole `fault.v1` document.
  static final String FAULT_EVENT = "faultline.fault";

  /// A stage's span is called `faultline.<stage>`, a step's `faultline.step`.
  static final String SPAN_PREFIX = "faultline.";

  static final String STEP_SPAN = "faultline.step";

  static final String HTTP_DURATION = "http.server.request.duration";
  static final String RPC_DURATION = "rpc.server.call.duration";
  static final List<Double> DURATION_SECONDS = List.of(.005, .01, .025, .05, .075, .1, .25, .5, .75, 1.0, 2.5, 5.0, 7.5, 10.0);

  private Conventions() {}
}
