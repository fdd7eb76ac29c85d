package io.hexsocket.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassReader;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.MethodVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Opcodes;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Type;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;

/** What ArchUnit does not see of a class: synchronized blocks, casts, and the types of what calls are given and give back. */
final class Bytecode extends ClassVisitor {

    private static final int ASM = Opcodes.ASM9;

    /** The methods that are synchronized, or contain a block that is. */
    final Set<String> monitors = new TreeSet<>();

    /** The names of the types that something is cast to. */
    final Set<String> casts = new TreeSet<>();

    /** The names of the types of arguments and results of calls. */
    final Set<String> passed = new TreeSet<>();

    private Bytecode() {
        super(ASM);
    }

    static Bytecode of(JavaClass type) {
        Bytecode bytecode = new Bytecode();
        try (InputStream stream =
                type.getSource().orElseThrow().getUri().toURL().openStream()) {
            new ClassReader(stream).accept(bytecode, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytecode;
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String descriptor, String signature, String[] exceptions) {
        if ((access & Opcodes.ACC_SYNCHRONIZED) != 0) {
            monitors.add(name);
        }
        return new MethodVisitor(ASM) {
            @Override
            public void visitInsn(int opcode) {
                if (opcode == Opcodes.MONITORENTER) {
                    monitors.add(name);
                }
            }

            @Override
            public void visitTypeInsn(int opcode, String internalName) {
                if (opcode == Opcodes.CHECKCAST) {
                    addTo(casts, Type.getObjectType(internalName));
                }
            }

            @Override
            public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean onInterface) {
                addTo(passed, Type.getReturnType(descriptor));
                for (Type argument : Type.getArgumentTypes(descriptor)) {
                    addTo(passed, argument);
                }
            }
        };
    }

    /** An array counts as its elements, and a primitive type not at all. */
    private static void addTo(Set<String> names, Type type) {
        Type element = type.getSort() == Type.ARRAY ? type.getElementType() : type;
        if (element.getSort() == Type.OBJECT) {
            names.add(element.getClassName());
        }
    }
}
