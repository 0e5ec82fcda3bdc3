package dev.faultline.isolation;

import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.Misfit;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A failing and a passing request side by side, and every request in between: the passing one with some parts of the failing one.
///
/// A passing request that is longer or shorter along some axes is cut, or repeated, to the extents of the failing one, so that elements can be
/// told apart: along the rows only, or along all axes ([Fit]). Other differences of shape make the whole input one part. Longer than most
/// because the two directions, telling apart and putting together, must agree.
final class Substitution {
  private final InferenceRequest failing;
  private final Map<String, InputTensor> from = new LinkedHashMap<>();
  private final Map<String, InputTensor> to = new LinkedHashMap<>();
  private final List<Part> parts = new ArrayList<>();
  private final InferenceRequest passing;
  private final Fit fit;
  private boolean isFitted;
  private boolean isFittedBeyondRows;

  /// Along which axes a passing request is made to fit.
  enum Fit {
    /// Where how long a request is may be what makes it fail.
    ROWS,
    ALL_AXES
  }

  Substitution(InferenceRequest failing, InferenceRequest passing, Fit fit) {
    this.failing = failing;
    this.passing = passing;
    this.fit = fit;
    failing.inputs().forEach(input -> to.put(input.name(), input));
    passing.inputs().forEach(input -> from.put(input.name(), aligned(input)));
    to.keySet().forEach(this::compare);
    from.keySet().stream().filter(name -> !to.containsKey(name)).forEach(name -> parts.add(new Part.Whole(name)));
    if (!failing.outputs().equals(passing.outputs()) || !failing.parameters().equals(passing.parameters())) {
      parts.add(new Part.Envelope());
    }
  }

  /// Whether the passing request had to be cut or repeated, so that nobody has seen it pass as it is used here.
  boolean isFitted() {
    return isFitted;
  }

  /// Whether it had to be along other axes than that of the rows.
  boolean isFittedBeyondRows() {
    return isFittedBeyondRows;
  }

  /// Everything in which the two differ, in the order of the failing request.
  List<Part> parts() {
    return List.copyOf(parts);
  }

  /// Elements of the failing request in all.
  int total() {
    return to.values().stream().mapToInt(input -> input.tensor().count()).sum();
  }

  /// The failing request's input of this name.
  Optional<InputTensor> failing(String name) {
    return Optional.ofNullable(to.get(name));
  }

  /// The passing request's input of this name, with as many rows as the failing one's.
  Optional<InputTensor> passing(String name) {
    return Optional.ofNullable(from.get(name));
  }

  /// The passing request with these parts of the failing one.
  InferenceRequest with(Set<Part> kept) {
    var names = new ArrayList<>(to.keySet());
    from.keySet().stream().filter(name -> !to.containsKey(name)).forEach(names::add);
    var inputs = new ArrayList<InputTensor>();
    for (String name : names) {
      input(name, kept).ifPresent(inputs::add);
    }
    InferenceRequest around = kept.contains(new Part.Envelope()) ? failing : passing;
    return new InferenceRequest(failing.id(), failing.model(), around.parameters(), inputs, around.outputs(), failing.deadline());
  }

  /// The same with some inputs replaced.
  InferenceRequest with(Set<Part> kept, Map<String, InputTensor> replaced) {
    InferenceRequest request = with(kept);
    List<InputTensor> inputs = request.inputs().stream().map(input -> replaced.getOrDefault(input.name(), input)).toList();
    return new InferenceRequest(request.id(), request.model(), request.parameters(), inputs, request.outputs(), request.deadline());
  }

  /// The failing request with these parts of the passing one.
  InferenceRequest without(Set<Part> removed) {
    var kept = new HashSet<>(parts);
    kept.removeAll(removed);
    return with(kept);
  }

  /// The same request with another value in one place.
  static InferenceRequest with(InferenceRequest request, Part.Element place, Tensor value) {
    List<InputTensor> inputs = request.inputs().stream()
        .map(input -> input.name().equals(place.tensor()) ? merged(input, InputTensor.of(value, input.layout(), input.position()), Map.of(place.flat(), 0)) : input)
        .toList();
    return new InferenceRequest(request.id(), request.model(), request.parameters(), inputs, request.outputs(), request.deadline());
  }

  private Optional<InputTensor> input(String name, Set<Part> kept) {
    InputTensor before = from.get(name);
    InputTensor after = to.get(name);
    if (before == null || after == null || parts.contains(new Part.Whole(name))) {
      return Optional.ofNullable(kept.contains(new Part.Whole(name)) ? after : before);
    }
    var taken = new LinkedHashMap<Integer, Integer>();
    kept.forEach(part -> {
      if (part instanceof Part.Element(String tensor, int flat) && tensor.equals(name)) {
        taken.put(flat, flat);
      }
    });
    return Optional.of(taken.isEmpty() ? before : merged(before, after, taken));
  }

  private void compare(String name) {
    InputTensor before = from.get(name);
    InputTensor after = to.get(name);
    if (before == null || after == null) {
      parts.add(new Part.Whole(name));
      return;
    }
    boolean alike = before.tensor().type() == after.tensor().type() && before.tensor().shape().equals(after.tensor().shape());
    if (!alike || !before.sizeBreach().equals(after.sizeBreach())) {
      parts.add(new Part.Whole(name));
      return;
    }
    for (int i = 0; i < after.tensor().count(); i++) {
      if (!same(before, after, i)) {
        parts.add(new Part.Element(name, i));
      }
    }
  }

  private static boolean same(InputTensor a, InputTensor b, int flat) {
    return sameBytes(a.tensor(), b.tensor(), flat) && misfits(a, flat).equals(misfits(b, flat));
  }

  private static boolean sameBytes(Tensor a, Tensor b, int flat) {
    return switch (a.elements()) {
      case Elements.Strings strings -> b.elements() instanceof Elements.Strings others && Arrays.equals(strings.bytesAt(flat), others.bytesAt(flat));
      case Elements.Fixed fixed -> {
        int width = a.type().width();
        yield b.elements() instanceof Elements.Fixed others
            && fixed.bytes().slice(flat * width, width).equals(others.bytes().slice(flat * width, width));
      }
    };
  }

  private static List<Misfit.Kind> misfits(InputTensor input, int flat) {
    return input.misfits().stream().filter(misfit -> misfit.flat() == flat).map(Misfit::kind).toList();
  }

  /// `before` with elements of `after`: `places` maps where to where from.
  private static InputTensor merged(InputTensor before, InputTensor after, Map<Integer, Integer> places) {
    var misfits = new ArrayList<Misfit>();
    before.misfits().stream().filter(misfit -> !places.containsKey(misfit.flat())).forEach(misfits::add);
    places.forEach((to, from) -> after.misfits().stream()
        .filter(misfit -> misfit.flat() == from)
        .forEach(misfit -> misfits.add(new Misfit(to, misfit.kind(), misfit.got()))));
    Tensor tensor = elements(before.tensor(), after.tensor(), places);
    return new InputTensor(tensor, before.layout(), before.position(), misfits, misfits.size(), before.sizeBreach());
  }

  private static Tensor elements(Tensor before, Tensor after, Map<Integer, Integer> places) {
    return new Tensor(before.name(), before.type(), before.shape(), switch (before.elements()) {
      case Elements.Fixed fixed -> {
        int width = before.type().width();
        ByteBuffer bytes = Elements.allocate(before.type(), before.count());
        bytes.put(fixed.bytes()).clear();
        ByteBuffer source = ((Elements.Fixed) after.elements()).bytes();
        places.forEach((to, from) -> bytes.put(to * width, source, from * width, width));
        yield Elements.fixed(before.type(), bytes);
      }
      case Elements.Strings strings -> {
        byte[][] values = new byte[strings.count()][];
        for (int i = 0; i < values.length; i++) {
          Integer from = places.get(i);
          values[i] = from == null ? strings.bytesAt(i) : ((Elements.Strings) after.elements()).bytesAt(from);
        }
        yield Elements.strings(values);
      }
    });
  }

  /// The passing request's input with the extents of the failing one's, where it can be made to fit.
  private InputTensor aligned(InputTensor input) {
    InputTensor like = to.get(input.name());
    if (like == null || !canFit(input.tensor().shape(), like.tensor().shape())) {
      return input;
    }
    Shape shape = like.tensor().shape();
    isFitted = true;
    isFittedBeyondRows |= !differsInRowsOnly(input.tensor().shape(), shape);
    return new InputTensor(gathered(input.tensor(), shape, sources(input.tensor().shape(), shape)), input.layout(), input.position(), List.of(), 0, "");
  }

  /// For each element of a tensor of one shape, which one of another shape stands there: along each axis again and again.
  private static int[] sources(Shape own, Shape wanted) {
    int[] sources = new int[(int) wanted.elementCount()];
    for (int i = 0; i < sources.length; i++) {
      int rest = i;
      int source = 0;
      int stride = 1;
      for (int axis = wanted.rank() - 1; axis >= 0; axis--) {
        int extent = (int) wanted.extent(axis);
        source += stride * (int) (rest % extent % own.extent(axis));
        stride *= (int) own.extent(axis);
        rest /= extent;
      }
      sources[i] = source;
    }
    return sources;
  }

  private boolean canFit(Shape a, Shape b) {
    if (a.rank() == 0 || a.rank() != b.rank() || a.equals(b)) {
      return false;
    }
    return a.elementCount() > 0 && b.elementCount() > 0 && (fit == Fit.ALL_AXES || differsInRowsOnly(a, b));
  }

  private static boolean differsInRowsOnly(Shape a, Shape b) {
    for (int axis = 1; axis < a.rank(); axis++) {
      if (a.extent(axis) != b.extent(axis)) {
        return false;
      }
    }
    return true;
  }

  /// The elements of two tensors of one type, one after the other, in a single row.
  static Tensor concatenated(Tensor first, Tensor second) {
    int count = first.count() + second.count();
    return new Tensor(first.name(), first.type(), Shape.of(count), switch (first.elements()) {
      case Elements.Fixed fixed -> {
        ByteBuffer bytes = Elements.allocate(first.type(), count);
        bytes.put(fixed.bytes()).put(((Elements.Fixed) second.elements()).bytes()).clear();
        yield Elements.fixed(first.type(), bytes);
      }
      case Elements.Strings strings -> {
        byte[][] values = new byte[count][];
        for (int i = 0; i < count; i++) {
          values[i] = i < first.count() ? strings.bytesAt(i) : ((Elements.Strings) second.elements()).bytesAt(i - first.count());
        }
        yield Elements.strings(values);
      }
    });
  }

  /// A tensor of these elements of another.
  static Tensor gathered(Tensor tensor, Shape shape, int[] sources) {
    return new Tensor(tensor.name(), tensor.type(), shape, switch (tensor.elements()) {
      case Elements.Fixed fixed -> {
        int width = tensor.type().width();
        ByteBuffer bytes = Elements.allocate(tensor.type(), sources.length);
        ByteBuffer source = fixed.bytes();
        for (int i = 0; i < sources.length; i++) {
          bytes.put(i * width, source, sources[i] * width, width);
        }
        yield Elements.fixed(tensor.type(), bytes);
      }
      case Elements.Strings strings -> {
        byte[][] values = new byte[sources.length][];
        for (int i = 0; i < values.length; i++) {
          values[i] = strings.bytesAt(sources[i]);
        }
        yield Elements.strings(values);
      }
    });
  }
}
