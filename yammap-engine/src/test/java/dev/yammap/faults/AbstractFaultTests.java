package dev.yammap.faults;

import java.io.IOException;
import java.nio.file.OpenOption;
import java.nio.file.Path;

import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import dev.yammap.Backend;
import dev.yammap.Mmap;
import dev.yammap.internal.FileOpener;

/**
 * Opens files, here or in a virtual machine of their own, on each backend.
 */
@ParameterizedClass
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
abstract class AbstractFaultTests {

	@Parameter
	@SuppressWarnings("NullAway.Init")
	Backend backend;

	Mmap.Builder builder(Path path) {
		return Mmap.builder(path).backend(this.backend);
	}

	Mmap open(Path path, OpenOption... options) throws IOException {
		return builder(path).options(options).open();
	}

	Mmap create(Path path, long size, OpenOption... options) throws IOException {
		return FileOpener.forCreation(path, size, options).backend(this.backend).open();
	}

	ChildJvm child(Class<?> program, Path directory) {
		return new ChildJvm(program, directory).on(this.backend);
	}

	/**
	 * Whether a program that runs on this backend tries an operation on a disk that is
	 * full or gone.
	 */
	boolean tries(Operation operation) {
		return knows(operation) && (this.backend == Backend.NATIVE || !operation.isUpdate());
	}

	/**
	 * Whether this backend has the operation at all.
	 */
	boolean knows(Operation operation) {
		return this.backend == Backend.NATIVE || !operation.isAdvice();
	}

}
