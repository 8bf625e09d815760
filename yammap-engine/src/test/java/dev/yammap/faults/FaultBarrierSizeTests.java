package dev.yammap.faults;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.reflect.AccessFlag;

import dev.yammap.Mmap;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the fault barrier is what the virtual machine never inlines.
 */
class FaultBarrierSizeTests {

	private static final int INLINED_AT_MOST = 325;

	@Test
	void barrierIsTooLongToBeInlined() throws IOException {
		MethodModel barrier = method("/dev/yammap/internal/FaultBarrier.class", "pass");
		assertThat(barrier.flags().has(AccessFlag.STATIC)).isTrue();
		assertThat(barrier.findAttribute(Attributes.code())).get()
			.extracting(CodeAttribute::codeLength)
			.satisfies((length) -> assertThat(length).isGreaterThan(INLINED_AT_MOST));
	}

	private static MethodModel method(String file, String name) throws IOException {
		try (InputStream input = Mmap.class.getResourceAsStream(file)) {
			assertThat(input).as(file).isNotNull();
			ClassModel model = ClassFile.of().parse(input.readAllBytes());
			return model.methods()
				.stream()
				.filter((method) -> method.methodName().equalsString(name))
				.findFirst()
				.orElseThrow();
		}
	}

}
