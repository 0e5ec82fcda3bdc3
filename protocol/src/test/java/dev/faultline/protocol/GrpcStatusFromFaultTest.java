package dev.faultline.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.DebugInfo;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Help;
import com.google.rpc.RequestInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.faultline.fault.Breach;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.Field;
import dev.faultline.fault.QueueFault;
import dev.faultline.fault.ValidateFault;
import dev.faultline.protocol.FaultContext.Standing;
import dev.faultline.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcStatusFromFaultTest {
  private static final FaultContext GROUPED = FaultContext.of(Standing.FAULT).inGroup("FL-17", "v1:9f");

  @Test
  void aBrokenContractNamesCodeGroupAndEveryField() throws Exception {
    Fault fault = Faults.range(Field.inputElement("x", Shape.of(2, 8), 15, List.of(), "/inputs/0/contents/fp32_contents/15"), "");
    Status status = status(fault, DetailLevel.INTERNAL);
    assertThat(status.getCode()).isEqualTo(Code.INVALID_ARGUMENT_VALUE);
    assertThat(status.getMessage()).contains("-4").endsWith(" [flt_01JDA3X9M4Q8T2]");
    ErrorInfo info = detail(status, ErrorInfo.class);
    assertThat(info.getReason()).isEqualTo("VALIDATE_RANGE");
    assertThat(info.getDomain()).isEqualTo("faultline.dev");
    assertThat(info.getMetadataMap())
        .containsEntry("fault_id", "flt_01JDA3X9M4Q8T2").containsEntry("stage", "VALIDATE").containsEntry("blame", "CALLER").containsEntry("group", "FL-17");
    BadRequest bad = detail(status, BadRequest.class);
    assertThat(bad.getFieldViolationsList()).extracting(BadRequest.FieldViolation::getField).containsExactly("inputs[0].contents.fp32_contents[15]", "inputs[1]");
    assertThat(bad.getFieldViolations(0).getReason()).isEqualTo("RANGE");
    assertThat(detail(status, RequestInfo.class).getRequestId()).isEqualTo("req-1");
    assertThat(detail(status, Help.class).getLinks(0).getUrl()).endsWith("validate.range");
  }

  @Test
  void atDetailLevelPublicNoValueShows() throws Exception {
    for (Fault fault : Faults.all("S3CRET")) {
      String text = status(fault, DetailLevel.PUBLIC).toString();
      assertThat(text).as(fault.code().label()).doesNotContain("-4S3CRET").doesNotContain("java.lang");
      assertThat(find(status(fault, DetailLevel.PUBLIC), DebugInfo.class)).isEmpty();
    }
  }

  @Test
  void aFullQueueSaysWhenToComeBack() throws Exception {
    assertThat(detail(status(new QueueFault.Full(5, 5, 7), DetailLevel.PUBLIC), RetryInfo.class).getRetryDelay().getSeconds()).isEqualTo(7);
  }

  @Test
  void noStackTraceTravels() {
    for (Fault fault : Faults.all("x")) {
      assertThat(status(fault, DetailLevel.INTERNAL).toString()).doesNotContain("java.lang.IllegalStateException");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "ö", "\uD800", "日本語", "\u0000\n"})
  void theTrailerFitsWhateverTheFaultHolds(String text) {
    for (Fault fault : Faults.all(text.repeat(20_000 / text.length()))) {
      Status status = status(fault, DetailLevel.INTERNAL);
      int trailer = (status.getSerializedSize() + 2) / 3 * 4 + java.net.URLEncoder.encode(status.getMessage(), java.nio.charset.StandardCharsets.UTF_8).length();
      assertThat(trailer).as(fault.code().label()).isLessThan(7_000);
      assertThat(find(status, ErrorInfo.class)).isNotEmpty();
    }
  }

  @Test
  void atMostTwentyViolationsAreListed() throws Exception {
    List<Breach> breaches = IntStream.range(0, 50).mapToObj(i -> new Breach(FaultCode.VALIDATE_RANGE, Field.input("x" + i, ""), "1", "0")).toList();
    Status status = status(new ValidateFault(breaches, 50, "contract.yaml"), DetailLevel.INTERNAL);
    assertThat(detail(status, BadRequest.class).getFieldViolationsCount()).isEqualTo(GrpcStatusFromFault.VIOLATIONS_MAX);
  }

  @ParameterizedTest
  @EnumSource
  void everyCodeMakesAReasonThatTheErrorModelAllows(FaultCode code) {
    assertThat(code.label().replace('.', '_').toUpperCase(java.util.Locale.ROOT)).matches("[A-Z][A-Z0-9_]+[A-Z0-9]").hasSizeLessThanOrEqualTo(63);
    assertThat(Code.valueOf(code.grpcStatus(code.defaultBlame())).getNumber()).isPositive();
  }

  private static Status status(Fault fault, DetailLevel level) {
    return GrpcStatusFromFault.of(Faults.occurrence(fault), Faults.passage(fault), GROUPED, level);
  }

  private static <T extends Message> T detail(Status status, Class<T> type) throws Exception {
    return find(status, type).getFirst();
  }

  private static <T extends Message> List<T> find(Status status, Class<T> type) {
    return status.getDetailsList().stream().filter(any -> any.is(type)).map(any -> unpacked(any, type)).toList();
  }

  private static <T extends Message> T unpacked(com.google.protobuf.Any any, Class<T> type) {
    try {
      return any.unpack(type);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
