package dev.faultline.serving.landmark;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// A class made at run time whose methods are named after spots and do nothing but call on. Goes with its version, because each has a class
/// loader of its own.
final class MadeClass extends ClassLoader {
  private static final ClassDesc SUPPLIER = Supplier.class.describeConstable().orElseThrow();
  private static final MethodTypeDesc GET = MethodTypeDesc.of(ConstantDescs.CD_Object);
  private static final MethodTypeDesc CALL = MethodTypeDesc.of(ConstantDescs.CD_Object, SUPPLIER);
  private static final MethodTypeDesc PASS = MethodTypeDesc.of(ConstantDescs.CD_Object, ConstantDescs.CD_int, SUPPLIER);

  private MadeClass() {
    super("landmarks", Passes.class.getClassLoader());
  }

  /// All spots are of one version.
  static Passes of(List<Spot> spots) {
    String name = spots.getFirst().type();
    byte[] bytes = bytes(ClassDesc.of(name), spots.stream().map(Spot::method).toList());
    try {
      return (Passes) new MadeClass().defineClass(name, bytes, 0, bytes.length).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a class that was just made cannot be used", e);
    }
  }

  private static byte[] bytes(ClassDesc self, List<String> methods) {
    return ClassFile.of().build(self, made -> {
      made.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
      made.withInterfaceSymbols(Passes.class.describeConstable().orElseThrow());
      made.withMethodBody(ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, ClassFile.ACC_PUBLIC, MadeClass::construct);
      made.withMethodBody("pass", PASS, ClassFile.ACC_PUBLIC, code -> choose(code, self, methods));
      methods.forEach(method -> made.withMethodBody(method, CALL, ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC, MadeClass::callOn));
    });
  }

  private static void construct(CodeBuilder code) {
    code.aload(0).invokespecial(ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void).return_();
  }

  private static void choose(CodeBuilder code, ClassDesc self, List<String> methods) {
    Label none = code.newLabel();
    List<SwitchCase> cases = IntStream.range(0, methods.size()).mapToObj(number -> SwitchCase.of(number, code.newLabel())).toList();
    code.iload(1).tableswitch(0, methods.size() - 1, none, cases);
    for (SwitchCase each : cases) {
      code.labelBinding(each.target()).aload(2).invokestatic(self, methods.get(each.caseValue()), CALL).areturn();
    }
    code.labelBinding(none).aconst_null().areturn();
  }

  private static void callOn(CodeBuilder code) {
    code.aload(0).invokeinterface(SUPPLIER, "get", GET).areturn();
  }
}
