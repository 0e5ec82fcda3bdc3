package dev.faultline.fault;

import java.util.Locale;
import java.util.Optional;

/// The public names of faults: `<stage>.<kind>`. Codes are API: they stand in answers, metrics, logs, captures and alert rules.
///
/// Each has a page `docs/faults/<code>.md`, which `faultline help <code>` prints.
public enum FaultCode {
  DECODE_JSON(Stage.DECODE, Blame.CALLER, 400, "INVALID_ARGUMENT", "OTHER", "The body is not the JSON that the protocol asks for"),
  DECODE_BINARY_LENGTH(Stage.DECODE, Blame.CALLER, 400, "INVALID_ARGUMENT", "OTHER", "Binary tensor data does not have the announced length"),
  DECODE_DATA_TYPE_UNSUPPORTED(Stage.DECODE, Blame.CALLER, 400, "INVALID_ARGUMENT", "OTHER", "The data type has no form in this encoding"),
  DECODE_ENCODING_UNSUPPORTED(Stage.DECODE, Blame.CALLER, 400, "INVALID_ARGUMENT", "OTHER", "The content type or content encoding is not one the server reads"),
  DECODE_TOO_LARGE(Stage.DECODE, Blame.CALLER, 413, "RESOURCE_EXHAUSTED", "OTHER", "The payload is larger than the server accepts"),
  ROUTE_MODEL_NOT_FOUND(Stage.ROUTE, Blame.CALLER, 404, "NOT_FOUND", "OTHER", "No model has this name"),
  ROUTE_VERSION_NOT_FOUND(Stage.ROUTE, Blame.CALLER, 404, "NOT_FOUND", "OTHER", "The model has no such version"),
  ROUTE_NOT_READY(Stage.ROUTE, Blame.SERVER, 503, "UNAVAILABLE", "OTHER", "The model version is known but not ready"),
  VALIDATE_MISSING_INPUT(Stage.VALIDATE, Blame.CALLER, 400, "INVALID_ARGUMENT", "OTHER", "A required input is absent"),
  VALIDATE_UNKNOWN_INPUT(Stage.VALIDATE, Blame.CALLER, 400, "INVALID_ARGUMENT", "OTHER", "The model has no such input"),
  VALIDATE_UNKNOWN_OUTPUT(Stage.VALIDATE, Blame.CALLER, 400, "INVALID_ARGUMENT", "OTHER", "The model has no such output"),
  VALIDATE_DATA_TYPE(Stage.VALIDATE, Blame.CALLER, 400, "INVALID_ARGUMENT", "OTHER", "The data type is not what the model takes"),
  VALIDATE_RANK(Stage.VALIDATE, Blame.CALLER, 400, "INVALID_ARGUMENT", "OTHER", "The number of dimensions is not what the model takes"),
  VALIDATE_DIMENSION(Stage.VALIDATE, Blame.CALLER, 400, "INVALID_ARGUMENT", "OTHER", "A dimension is not what the model takes"),
  VALIDATE_SIZE_MISMATCH(Stage.VALIDATE, Blame.CALLER, 400, "INVALID_ARGUMENT", "OTHER", "The number of values does not fit the shape"),
  VALIDATE_NULL(Stage.VALIDATE, Blame.CALLER, 400, "INVALID_ARGUMENT", "OTHER", "A value is missing where the contract wants one"),
  VALIDATE_NONFINITE(Stage.VALIDATE, Blame.CALLER, 400, "INVALID_ARGUMENT", "OTHER", "A value is NaN or infinite where the contract wants a number"),
  VALIDATE_RANGE(Stage.VALIDATE, Blame.CALLER, 400, "INVALID_ARGUMENT", "OTHER", "A value is outside the contract's range"),
  VALIDATE_VALUES(Stage.VALIDATE, Blame.CALLER, 400, "INVALID_ARGUMENT", "OTHER", "A value is not among those the contract allows"),
  VALIDATE_PATTERN(Stage.VALIDATE, Blame.CALLER, 400, "INVALID_ARGUMENT", "OTHER", "A text does not match the contract's pattern"),
  VALIDATE_LENGTH(Stage.VALIDATE, Blame.CALLER, 400, "INVALID_ARGUMENT", "OTHER", "A text is shorter or longer than the contract allows"),
  PREPROCESS_STEP_FAILED(Stage.PREPROCESS, Blame.MODEL, 500, "INTERNAL", "BACKEND", "A preprocessing step failed"),
  PREPROCESS_NONFINITE(Stage.PREPROCESS, Blame.MODEL, 500, "INTERNAL", "BACKEND", "A preprocessing step turned finite values into NaN or infinity"),
  QUEUE_FULL(Stage.QUEUE, Blame.CAPACITY, 429, "RESOURCE_EXHAUSTED", "REJECTED", "The queue of the model version is full"),
  QUEUE_TIMEOUT(Stage.QUEUE, Blame.CAPACITY, 503, "UNAVAILABLE", "REJECTED", "The request waited too long for an instance"),
  QUEUE_TOO_LATE(Stage.QUEUE, Blame.CAPACITY, 503, "UNAVAILABLE", "REJECTED", "The queue alone would take longer than the request has left"),
  QUEUE_LANES_LOST(Stage.QUEUE, Blame.MODEL, 503, "UNAVAILABLE", "REJECTED", "Every lane of the model version is held by a run that was stopped and has not come back"),
  QUEUE_RESTARTING(Stage.QUEUE, Blame.MODEL, 503, "UNAVAILABLE", "REJECTED", "The process that runs the model died and is being started again"),
  QUEUE_QUARANTINED(Stage.QUEUE, Blame.MODEL, 422, "FAILED_PRECONDITION", "REJECTED", "The same input has killed the process that runs the model, so it is not run again for a while"),
  INFER_NODE_FAILED(Stage.INFER, Blame.MODEL, 500, "INTERNAL", "BACKEND", "A graph node failed"),
  INFER_FAILED(Stage.INFER, Blame.MODEL, 500, "INTERNAL", "BACKEND", "The engine failed without naming a node"),
  INFER_TIMEOUT(Stage.INFER, Blame.MODEL, 504, "DEADLINE_EXCEEDED", "BACKEND", "The model ran longer than its limit and was stopped"),
  INFER_OUT_OF_MEMORY(Stage.INFER, Blame.MODEL, 503, "UNAVAILABLE", "BACKEND", "The model asked for more memory than there is"),
  INFER_BATCH_BUDGET(Stage.INFER, Blame.CAPACITY, 503, "UNAVAILABLE", "BACKEND", "The batch failed, and the runs that may be spent on finding the guilty rows were not enough"),
  INFER_CRASHED(Stage.INFER, Blame.MODEL, 503, "UNAVAILABLE", "BACKEND", "The process that ran the model died"),
  POSTPROCESS_STEP_FAILED(Stage.POSTPROCESS, Blame.MODEL, 500, "INTERNAL", "BACKEND", "A postprocessing step failed"),
  CHECK_NONFINITE(Stage.CHECK, Blame.MODEL, 500, "INTERNAL", "BACKEND", "An output is NaN or infinite"),
  CHECK_RANGE(Stage.CHECK, Blame.MODEL, 500, "INTERNAL", "BACKEND", "An output is outside its promised range"),
  CHECK_SHAPE(Stage.CHECK, Blame.MODEL, 500, "INTERNAL", "BACKEND", "An output does not have its promised shape"),
  CHECK_SUM(Stage.CHECK, Blame.MODEL, 500, "INTERNAL", "BACKEND", "An output does not add up to its promised total"),
  CHECK_VALUES(Stage.CHECK, Blame.MODEL, 500, "INTERNAL", "BACKEND", "An output is not among the promised values"),
  CHECK_MISMATCH(Stage.CHECK, Blame.MODEL, 500, "INTERNAL", "BACKEND", "The answer is not the one that another version gives"),
  ENCODE_FAILED(Stage.ENCODE, Blame.SERVER, 500, "INTERNAL", "OTHER", "The answer could not be written in the wanted form"),
  DECODE_CANCELLED(Stage.DECODE, Blame.CALLER, 499, "CANCELLED", "CANCELED", "The caller left while the request was in DECODE"),
  ROUTE_CANCELLED(Stage.ROUTE, Blame.CALLER, 499, "CANCELLED", "CANCELED", "The caller left while the request was in ROUTE"),
  VALIDATE_CANCELLED(Stage.VALIDATE, Blame.CALLER, 499, "CANCELLED", "CANCELED", "The caller left while the request was in VALIDATE"),
  PREPROCESS_CANCELLED(Stage.PREPROCESS, Blame.CALLER, 499, "CANCELLED", "CANCELED", "The caller left while the request was in PREPROCESS"),
  QUEUE_CANCELLED(Stage.QUEUE, Blame.CALLER, 499, "CANCELLED", "CANCELED", "The caller left while the request was in QUEUE"),
  INFER_CANCELLED(Stage.INFER, Blame.CALLER, 499, "CANCELLED", "CANCELED", "The caller left while the request was in INFER"),
  POSTPROCESS_CANCELLED(Stage.POSTPROCESS, Blame.CALLER, 499, "CANCELLED", "CANCELED", "The caller left while the request was in POSTPROCESS"),
  CHECK_CANCELLED(Stage.CHECK, Blame.CALLER, 499, "CANCELLED", "CANCELED", "The caller left while the request was in CHECK"),
  ENCODE_CANCELLED(Stage.ENCODE, Blame.CALLER, 499, "CANCELLED", "CANCELED", "The caller left while the request was in ENCODE"),
  DECODE_DEADLINE(Stage.DECODE, Blame.CALLER, 504, "DEADLINE_EXCEEDED", "OTHER", "The caller's own deadline passed while the request was in DECODE"),
  ROUTE_DEADLINE(Stage.ROUTE, Blame.CALLER, 504, "DEADLINE_EXCEEDED", "OTHER", "The caller's own deadline passed while the request was in ROUTE"),
  VALIDATE_DEADLINE(Stage.VALIDATE, Blame.CALLER, 504, "DEADLINE_EXCEEDED", "OTHER", "The caller's own deadline passed while the request was in VALIDATE"),
  PREPROCESS_DEADLINE(Stage.PREPROCESS, Blame.CALLER, 504, "DEADLINE_EXCEEDED", "OTHER", "The caller's own deadline passed while the request was in PREPROCESS"),
  QUEUE_DEADLINE(Stage.QUEUE, Blame.CALLER, 504, "DEADLINE_EXCEEDED", "OTHER", "The caller's own deadline passed while the request was in QUEUE"),
  INFER_DEADLINE(Stage.INFER, Blame.CALLER, 504, "DEADLINE_EXCEEDED", "OTHER", "The caller's own deadline passed while the request was in INFER"),
  POSTPROCESS_DEADLINE(Stage.POSTPROCESS, Blame.CALLER, 504, "DEADLINE_EXCEEDED", "OTHER", "The caller's own deadline passed while the request was in POSTPROCESS"),
  CHECK_DEADLINE(Stage.CHECK, Blame.CALLER, 504, "DEADLINE_EXCEEDED", "OTHER", "The caller's own deadline passed while the request was in CHECK"),
  ENCODE_DEADLINE(Stage.ENCODE, Blame.CALLER, 504, "DEADLINE_EXCEEDED", "OTHER", "The caller's own deadline passed while the request was in ENCODE"),
  DECODE_CRASHED(Stage.DECODE, Blame.SERVER, 500, "INTERNAL", "OTHER", "A bug in Faultline itself, met in DECODE"),
  ROUTE_CRASHED(Stage.ROUTE, Blame.SERVER, 500, "INTERNAL", "OTHER", "A bug in Faultline itself, met in ROUTE"),
  VALIDATE_CRASHED(Stage.VALIDATE, Blame.SERVER, 500, "INTERNAL", "OTHER", "A bug in Faultline itself, met in VALIDATE"),
  PREPROCESS_CRASHED(Stage.PREPROCESS, Blame.SERVER, 500, "INTERNAL", "OTHER", "A bug in Faultline itself, met in PREPROCESS"),
  QUEUE_CRASHED(Stage.QUEUE, Blame.SERVER, 500, "INTERNAL", "OTHER", "A bug in Faultline itself, met in QUEUE"),
  POSTPROCESS_CRASHED(Stage.POSTPROCESS, Blame.SERVER, 500, "INTERNAL", "OTHER", "A bug in Faultline itself, met in POSTPROCESS"),
  CHECK_CRASHED(Stage.CHECK, Blame.SERVER, 500, "INTERNAL", "OTHER", "A bug in Faultline itself, met in CHECK"),
  ENCODE_CRASHED(Stage.ENCODE, Blame.SERVER, 500, "INTERNAL", "OTHER", "A bug in Faultline itself, met in ENCODE"),
  INFER_DEFECT(Stage.INFER, Blame.SERVER, 500, "INTERNAL", "OTHER", "A bug in Faultline itself, met in INFER");

  private final Stage stage;
  private final String label;
  private final Blame blame;
  private final int http;
  private final String grpc;
  private final String tritonReason;
  private final String title;

  FaultCode(Stage stage, Blame blame, int http, String grpc, String tritonReason, String title) {
    this.stage = stage;
    this.blame = blame;
    this.http = http;
    this.grpc = grpc;
    this.tritonReason = tritonReason;
    this.title = title;
    this.label = stage.label() + "." + name().substring(stage.name().length() + 1).toLowerCase(Locale.ROOT);
  }

  public Stage stage() {
    return stage;
  }

  /// The public name, such as `validate.range`.
  public String label() {
    return label;
  }

  /// One sentence without a full stop, the same for every fault of this code.
  public String title() {
    return title;
  }

  public Blame defaultBlame() {
    return blame;
  }

  /// The HTTP status when `actual` is to blame. A model's fault that turned out to be the caller's becomes 400, so that
  /// clients do not retry it and error budgets do not burn.
  public int httpStatus(Blame actual) {
    return becomesCallers(actual) ? 400 : http;
  }

  /// The canonical gRPC status name when `actual` is to blame.
  public String grpcStatus(Blame actual) {
    return becomesCallers(actual) ? "INVALID_ARGUMENT" : grpc;
  }

  /// The `reason` label of Triton's failure counter: REJECTED, CANCELED, BACKEND or OTHER.
  public String tritonReason() {
    return tritonReason;
  }

  private boolean becomesCallers(Blame actual) {
    return actual == Blame.CALLER && blame == Blame.MODEL;
  }

  public static Optional<FaultCode> find(String label) {
    for (FaultCode code : values()) {
      if (code.label.equals(label)) {
        return Optional.of(code);
      }
    }
    return Optional.empty();
  }

  /// The code of a kind that every stage has: `cancelled`, `deadline`, `crashed`.
  static FaultCode of(Stage stage, String kind) {
    return find(stage.label() + "." + kind).orElseThrow();
  }
}
