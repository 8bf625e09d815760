package dev.yammap.internal.fault;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests what makes HotSpot compile the barrier and never inline it. */
class FaultBarrierTests {

	/** DesiredMethodLimit and HugeMethodLimit of HotSpot. */
	private static final int LIMIT = 8_000;

	/** Loads an argument, makes two calls and returns: the method of the same name. */
	private static final int SHORTEST_CALLER = 8;

	@Test
	void barrierIsCompiledAndNotInlined() throws Exception {
		int barrier = codeLength("awaitCopy");
		assertThat(barrier).as("not too long to be compiled").isLessThanOrEqualTo(LIMIT);
		assertThat(barrier + SHORTEST_CALLER).as("too long to be inlined").isGreaterThanOrEqualTo(LIMIT);
	}

	private static int codeLength(String name) throws Exception {
		try (var bytes = FaultBarrier.class.getResourceAsStream("FaultBarrier.class")) {
			ClassModel model = ClassFile.of().parse(bytes.readAllBytes());
			MethodModel method = model.methods()
				.stream()
				.filter((candidate) -> candidate.methodName().equalsString(name)
						&& candidate.methodType().equalsString("()V"))
				.findFirst()
				.orElseThrow();
			return ((CodeAttribute) method.code().orElseThrow()).codeLength();
		}
	}

}
