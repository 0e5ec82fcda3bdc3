package dev.faultline.backend.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;

/// The few functions of the engine's C interface that the Java binding lacks.
///
/// The engine hands out a table of functions that only ever grows at its end, so a position, once published in its header, stays.
@SuppressWarnings("restricted") // calling C is what it is for; the launcher grants native access
final class CInterface {

  /// The version of the table in which the last of our functions appeared.
  private static final int VERSION = 15;

  private static final int GET_ERROR_MESSAGE = 2;
  private static final int GET_TENSOR_MUTABLE_DATA = 51;
  private static final int GET_STRING_TENSOR_DATA_LENGTH = 53;
  private static final int GET_STRING_TENSOR_CONTENT = 54;
  private static final int RELEASE_STATUS = 93;
  private static final int GET_RESIZED_STRING_TENSOR_ELEMENT_BUFFER = 252;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MemorySegment TABLE = table();

  static final MutableData MUTABLE_DATA =
      function(GET_TENSOR_MUTABLE_DATA, MutableData.class, FunctionDescriptor.of(ADDRESS, JAVA_LONG, ADDRESS));
  static final DataLength DATA_LENGTH =
      function(GET_STRING_TENSOR_DATA_LENGTH, DataLength.class, FunctionDescriptor.of(ADDRESS, JAVA_LONG, ADDRESS));
  static final Content CONTENT =
      function(
          GET_STRING_TENSOR_CONTENT,
          Content.class,
          FunctionDescriptor.of(ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG));
  static final ResizedElement RESIZED_ELEMENT =
      function(
          GET_RESIZED_STRING_TENSOR_ELEMENT_BUFFER,
          ResizedElement.class,
          FunctionDescriptor.of(ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS));

  private static final ErrorMessage ERROR_MESSAGE =
      function(GET_ERROR_MESSAGE, ErrorMessage.class, FunctionDescriptor.of(ADDRESS, ADDRESS));
  private static final ReleaseStatus RELEASE =
      function(RELEASE_STATUS, ReleaseStatus.class, FunctionDescriptor.ofVoid(ADDRESS));
  private static final HandleOf HANDLE = handleOf();

  private CInterface() {}

  /// Where a tensor's numbers are.
  @FunctionalInterface
  public interface MutableData {
    MemorySegment call(long tensor, MemorySegment place);
  }

  /// Bytes of all texts of a tensor together.
  @FunctionalInterface
  public interface DataLength {
    MemorySegment call(long tensor, MemorySegment length);
  }

  /// All texts of a tensor one after the other, and where each starts.
  @FunctionalInterface
  public interface Content {
    MemorySegment call(long tensor, MemorySegment bytes, long length, MemorySegment starts, long count);
  }

  /// Makes one text of a tensor so many bytes long and says where they are.
  @FunctionalInterface
  public interface ResizedElement {
    MemorySegment call(long tensor, long index, long length, MemorySegment place);
  }

  @FunctionalInterface
  public interface ErrorMessage {
    MemorySegment call(MemorySegment status);
  }

  @FunctionalInterface
  public interface ReleaseStatus {
    void call(MemorySegment status);
  }

  @FunctionalInterface
  public interface HandleOf {
    long call(OnnxTensor tensor);
  }

  @FunctionalInterface
  public interface ApiBase {
    MemorySegment call();
  }

  @FunctionalInterface
  public interface Api {
    MemorySegment call(int version);
  }

  /// The engine's own name for a tensor, valid until it is closed.
  static long handle(OnnxTensor tensor) {
    return HANDLE.call(tensor);
  }

  /// The memory behind an address that the engine handed out through a place.
  static MemorySegment at(MemorySegment place, long bytes) {
    return place.get(ADDRESS, 0).reinterpret(bytes);
  }

  /// Passes when the status is null, which is how the engine says that all is well.
  static void check(MemorySegment status) throws OrtException {
    if (status.address() != 0) {
      String message = ERROR_MESSAGE.call(status).reinterpret(Integer.MAX_VALUE).getString(0);
      RELEASE.call(status);
      throw new OrtException(message);
    }
  }

  private static <F> F function(int position, Class<F> type, FunctionDescriptor descriptor) {
    return proxy(type, TABLE.getAtIndex(ADDRESS, position), descriptor);
  }

  private static <F> F proxy(Class<F> type, MemorySegment function, FunctionDescriptor descriptor) {
    return MethodHandleProxies.asInterfaceInstance(type, LINKER.downcallHandle(function, descriptor));
  }

  private static MemorySegment table() {
    MemorySegment base = proxy(ApiBase.class, baseFunction(), FunctionDescriptor.of(ADDRESS)).call();
    MemorySegment api = base.reinterpret(ADDRESS.byteSize()).get(ADDRESS, 0);
    long size = MemoryLayout.sequenceLayout(GET_RESIZED_STRING_TENSOR_ELEMENT_BUFFER + 1L, ADDRESS).byteSize();
    return proxy(Api.class, api, FunctionDescriptor.of(ADDRESS, JAVA_INT)).call(VERSION).reinterpret(size);
  }

  /// Found only after the binding has loaded the engine's library.
  private static MemorySegment baseFunction() {
    Engine.start();
    return SymbolLookup.loaderLookup().findOrThrow("OrtGetApiBase");
  }

  private static HandleOf handleOf() {
    try {
      var lookup = MethodHandles.privateLookupIn(OnnxTensorLike.class, MethodHandles.lookup());
      return MethodHandleProxies.asInterfaceInstance(
          HandleOf.class, lookup.findGetter(OnnxTensorLike.class, "nativeHandle", long.class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this version of the Java binding is unknown (expected: onnxruntime 1.29)", e);
    }
  }
}
