package dev.yammap;

import java.nio.file.Path;

import dev.yammap.faults.ChildJvm;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@link Mmap#close()} while other threads are at work: each of their calls succeeds or
 * throws what it does after {@code close}. In virtual machines of their own, so that a
 * crash is a failure of the test and not the end of all.
 */
@ParameterizedClass
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
class CloseRaceTests {

	/**
	 * The JDK unmaps what it has mapped itself at once. Up to a bug of it (JDK-8364167) a
	 * thread in the middle of an access may then do one more: in ScopedMemoryAccess or,
	 * where a compiler has inlined that, in Unsafe.
	 */
	private static final String BUG_OF_THE_JDK = "jdk.internal.misc.";

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private Backend backend;

	@ParameterizedTest
	@EnumSource
	void closeAmongThreadsAtWork(CloseRaceProgram.Use use, @TempDir Path directory) throws Exception {
		ChildJvm program = new ChildJvm(CloseRaceProgram.class, directory).on(this.backend);
		if (this.backend == Backend.PORTABLE) {
			program.despiteBugIn(BUG_OF_THE_JDK);
		}
		program.arguments(directory, use, use.rounds()).run();
	}

}
