package dev.faultline.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Messages are those of ONNX Runtime 1.29.0, word for word.
final class EngineMessageTest {

  private static final String RUNNING = "Error code - ORT_FAIL - message: Non-zero status code returned while running ";

  static Stream<Arguments> messages() {
    return Stream.of(
        Arguments.of("Gather node. Name:'emb' Status Message: indices element out of data bounds, idx=7 must be within the inclusive range [-3,2]", "emb", "indices element out of data bounds, idx=7 must be within the inclusive range [-3,2]"),
        Arguments.of("GatherElements node. Name:'emb' Status Message: /onnxruntime_src/onnxruntime/core/providers/cpu/tensor/gather_elements.cc:150 void onnxruntime::core_impl(const Tensor*, const Tensor*, Tensor*, int64_t, concurrency::ThreadPool*) [with Tin = long int; int64_t = long int] GatherElements op: Out of range value in index tensor\n", "emb", "GatherElements op: Out of range value in index tensor"),
        Arguments.of("Reshape node. Name:'rs' Status Message: /onnxruntime_src/onnxruntime/core/providers/cpu/tensor/reshape_helper.h:91 onnxruntime::ReshapeHelper::ReshapeHelper(const onnxruntime::TensorShape&, onnxruntime::TensorShapeVector&, bool) input_shape_size == requested_shape_size was false. The input tensor cannot be reshaped to the requested shape. Input shape:{3}, requested shape:{2,2}\n", "rs", "The input tensor cannot be reshaped to the requested shape. Input shape:{3}, requested shape:{2,2}"),
        Arguments.of("Add node. Name:'ad' Status Message: /onnxruntime_src/onnxruntime/core/providers/cpu/math/element_wise_ops.h:563 void onnxruntime::BroadcastIterator::Init(ptrdiff_t, ptrdiff_t) axis == 1 || axis == largest was false. Attempting to broadcast an axis by a dimension other than 1. 2 by 3\n", "ad", "Attempting to broadcast an axis by a dimension other than 1. 2 by 3"),
        Arguments.of("Expand node. Name:'ex' Status Message: /onnxruntime_src/onnxruntime/core/framework/op_kernel.cc:83 virtual OrtValue* onnxruntime::OpKernelContext::OutputMLValue(int, const onnxruntime::TensorShape&) [ONNXRuntimeError] : 1 : FAIL : tensor.cc:57 CalculateTensorStorageSize Tensor shape.Size() must be >= 0\n", "ex", "Tensor shape.Size() must be >= 0"),
        Arguments.of("ConstantOfShape node. Name:'cs' Status Message: /onnxruntime_src/onnxruntime/core/common/safeint.h:17 static void SafeIntExceptionHandler<onnxruntime::OnnxRuntimeException>::SafeIntOnOverflow() Integer overflow\n", "cs", "Integer overflow"),
        Arguments.of("MatMul node. Name:'mm' Status Message: /onnxruntime_src/include/onnxruntime/core/framework/op_kernel_context.h:42 const T* onnxruntime::OpKernelContext::Input(int) const [with T = onnxruntime::Tensor] Missing Input: b\n", "mm", "Missing Input: b"),
        Arguments.of("Div node. Name:'dv' Status Message: element_wise_ops.cc:692 Compute Integer division by zero", "dv", "Integer division by zero"),
        Arguments.of("Mod node. Name:'md' Status Message: element_wise_ops.cc:2256 operator() Integer modulo by zero", "md", "Integer modulo by zero"),
        Arguments.of("Concat node. Name:'cc' Status Message: concatbase.h:133 PrepareForComputeImpl Non concat axis dimensions must match: Axis 1 has mismatched dimensions of 3 and 2", "cc", "Non concat axis dimensions must match: Axis 1 has mismatched dimensions of 3 and 2"),
        Arguments.of("Cast node. Name:'parse' Status Message: stod", "parse", "stod"),
        Arguments.of("If node. Name:'the_if' Status Message: Non-zero status code returned while running Gather node. Name:'inner_gather' Status Message: indices element out of data bounds, idx=9 must be within the inclusive range [-6,5]", "inner_gather", "indices element out of data bounds, idx=9 must be within the inclusive range [-6,5]"),
        Arguments.of("FusedGemm node. Name:'it's \"quoted\"' Status Message: GEMM: Dimension mismatch, W: {3,2} K: 2 N:2", "it's \"quoted\"", "GEMM: Dimension mismatch, W: {3,2} K: 2 N:2"));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void theInnermostNodeAndTheReasonAreRead(String told, String name, String reason) {
    EngineMessage message = EngineMessage.of(RUNNING + told);
    assertThat(message.innermost().orElseThrow().name()).isEqualTo(name);
    assertThat(message.reason()).isEqualTo(reason);
  }

  @Test
  void aMessageThatNamesNoNodeKeepsItsWords() {
    EngineMessage message = EngineMessage.of("Error code - ORT_INVALID_ARGUMENT - message: Unexpected input data type. Actual: (tensor(double)) , expected: (tensor(float))");
    assertThat(message.places()).isEmpty();
    assertThat(message.reason()).isEqualTo("Unexpected input data type. Actual: (tensor(double)) , expected: (tensor(float))");
  }
}
